import assert from "node:assert/strict";
import { test } from "node:test";
import { startCachingGateway } from "../support/cache/caching-gateway.ts";
import { answerText, startToldOrigin } from "../support/cache/told-origin.ts";
import { ClientExchange } from "../support/cache/wire-client.ts";
import { eventually, RawClient } from "../support/gateway-fixtures.ts";

/** Answers that are waited for no more: nothing of them is told to anybody, and nothing is left of them. */

const timeouts = { connectMs: 2_000, responseMs: 10_000, idleMs: 10_000, totalMs: 1_000 };

for (const fastPath of [true, false]) {
  const path = fastPath ? "the fast path" : "the full path";

  test(`who was told that it took too long is told nothing else of it, on ${path}`, async () => {
    await using origin = await startToldOrigin(({ target, write }) => {
      if (target === "/next") write(answerText(200, [], "next"));
    });
    await using it = await startCachingGateway(origin.port, { fastPath, timeouts });
    const isAllOver = (): boolean => it.gateway.figures().active + it.gateway.figures().cache!.arriving === 0;
    await using client = new RawClient(it.port);
    client.send("GET /late HTTP/1.1\r\nHost: a.test\r\n\r\n");
    await client.until((text) => text.endsWith("}\n"));
    await eventually(isAllOver);
    client.send("GET /next HTTP/1.1\r\nHost: a.test\r\n\r\n");
    const all = await client.until((text) => text.endsWith("next"));
    assert.deepEqual(all.match(/HTTP\/1\.1 \d+/g), ["HTTP/1.1 504", "HTTP/1.1 200"]);
    await eventually(isAllOver);
  });

  test(`when all have gone their own ways, nothing is on its way into the cache, on ${path}`, async () => {
    await using origin = await startToldOrigin((each) => setImmediate(() => each.write(answerText(503, [], "no"))));
    await using it = await startCachingGateway(origin.port, { fastPath });
    const all = Array.from({ length: 20 }, () => new ClientExchange(it.port, {}));
    for (const each of all) assert.equal((await each.whole()).status, 503);
    assert.equal(it.gateway.figures().cache!.arriving, 0);
  });
}
