import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { type Origin, RawClient, startOrigin } from "../support/gateway-fixtures.ts";
import { ask, type Fellow, startFellow, startFellows, targets } from "../support/gateway-fellows.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** Each change makes another version. */
async function startVersions(): Promise<Origin> {
  let version = 0;
  return startOrigin((req, res) => {
    if (req.method === "PUT") version++;
    res.setHeader("cache-control", "max-age=60");
    res.end(`version ${version}`);
  });
}

async function assertKnown(writer: Fellow, readers: readonly Fellow[]): Promise<void> {
  for (const target of targets) {
    for (const reader of readers) await ask(reader, target);
    const { body } = await ask(writer, target, "PUT");
    for (const reader of readers) assert.equal((await ask(reader, target)).body, body, target);
  }
}

test("while a gateway is succeeded, a change through any of the three is known to all", async (t) => {
  await using origin = await startVersions();
  const [old, other] = (await startFellows(t, origin)) as [Fellow, Fellow];
  for (const fellow of [old, other]) for (const target of targets) await ask(fellow, target);
  await assertKnown(other, [old]); // They know each other.
  const successor = await startFellow(t, origin, { paths: [old.path, other.path], self: 0 });
  await assertKnown(other, [successor, old]);
  await assertKnown(old, [successor, other]);
  const drained = old.gateway.drain(2_000);
  await assertKnown(successor, [other]);
  await drained;
});

test("one that is succeeded and drains gives nobody what it has stored", async (t) => {
  await using origin = await startVersions();
  const paths = [join(temporaryDirectory(t), "a")];
  const old = await startFellow(t, origin, { paths, self: 0 });
  await using kept = new RawClient(old.port);
  const request = (method: string): string => `${method} /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n`;
  kept.send(request("GET"));
  await kept.until((text) => text.endsWith("version 0"));
  const successor = await startFellow(t, origin, { paths, self: 0 });
  assert.equal((await ask(successor, "/x")).body, "version 0");
  const drained = old.gateway.drain(5_000);
  assert.equal((await ask(successor, "/x", "PUT")).body, "version 1");
  kept.send(request("GET"));
  await kept.until((text) => text.endsWith("version 1"));
  await drained;
  assert.equal((await ask(successor, "/x")).body, "version 1");
});

test("a change through one that drains is known to its successor", async (t) => {
  await using origin = await startVersions();
  const paths = [join(temporaryDirectory(t), "a")];
  const old = await startFellow(t, origin, { paths, self: 0 });
  await using kept = new RawClient(old.port);
  kept.send("GET /x HTTP/1.1\r\nHost: a.test\r\n\r\n");
  await kept.until((text) => text.endsWith("version 0"));
  const successor = await startFellow(t, origin, { paths, self: 0 });
  assert.equal((await ask(successor, "/x")).body, "version 0");
  const drained = old.gateway.drain(5_000);
  kept.send("PUT /x HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  await kept.until((text) => text.endsWith("version 1"));
  assert.equal((await ask(successor, "/x")).body, "version 1");
  await drained;
});
