import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import { RawClient, type RawOrigin, snapshotOf, startRawOrigin, upstream } from "../support/gateway-fixtures.ts";

/** What is removed, replaced and kept of what clients say, through both paths. What is refused is in desync-cases.ts. */
const host = "Host: a.test\r\n";

interface Setting extends AsyncDisposable {
  readonly origin: RawOrigin;
  readonly client: RawClient;
  readonly port: number;
}

async function start(path: "full" | "fast"): Promise<Setting> {
  const origin = await startRawOrigin((socket) => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"));
  const gateway = new Gateway();
  await gateway.start(
    snapshotOf({
      upstreams: [upstream("api-1", origin.port)],
      settings: { maxHeadBytes: 8_192, fastPath: path === "fast" },
    }),
  );
  const { port } = gateway.addresses()[0]!;
  const client = new RawClient(port);
  return {
    origin,
    client,
    port,
    async [Symbol.asyncDispose]() {
      await client[Symbol.asyncDispose]();
      await gateway.stop();
      await origin[Symbol.asyncDispose]();
    },
  };
}

for (const path of ["full", "fast"] as const) {
  suite(`hostile clients on the ${path} path`, () => {
    test("an absolute target takes the place of Host", async () => {
      await using it = await start(path);
      it.client.send(`GET http://b.test/absolute HTTP/1.1\r\n${host}\r\n`);
      await it.client.until((text) => text.endsWith("ok"));
      const forwarded = it.origin.received().slice(it.origin.received().indexOf("GET /absolute"));
      assert.match(forwarded, /^GET \/absolute HTTP\/1.1\r\nhost: b\.test\r\n/);
      assert.doesNotMatch(forwarded, /a\.test/);
    });

    test("what Connection lists is removed, but nothing that framing or security stands on", async () => {
      await using it = await start(path);
      const listed = "Connection: close, x-drop, content-length, authorization, cookie, host, x-forwarded-for\r\n";
      it.client.send(
        `POST /listed HTTP/1.1\r\n${host}${listed}X-Drop: 1\r\nAuthorization: a\r\nCookie: c=1\r\nContent-Length: 2\r\n\r\nhi`,
      );
      await it.client.until((text) => text.endsWith("ok"));
      const forwarded = it.origin.received().slice(it.origin.received().indexOf("POST /listed"));
      assert.doesNotMatch(forwarded, /x-drop/i);
      for (const kept of [
        /^authorization: a\r$/im,
        /^cookie: c=1\r$/im,
        /^content-length: 2\r$/im,
        /^x-forwarded-for: 127/im,
      ]) {
        assert.match(forwarded, kept);
      }
    });

    test("names with underscores, hop-by-hop fields and claims about the client are not forwarded", async () => {
      await using it = await start(path);
      const claims =
        "X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nX-Real-IP: 6.6.6.6\r\nX-Forwarded-Host: evil\r\nX-Forwarded-Proto: https\r\n";
      it.client.send(
        `GET /claims HTTP/1.1\r\n${host}X_User: root\r\nTE: gzip\r\nKeep-Alive: 5\r\nUpgrade: h2c\r\nHTTP2-Settings: AAA\r\n${claims}X-Request-Id: bad id\r\n\r\n`,
      );
      await it.client.until((text) => text.endsWith("ok"));
      const forwarded = it.origin.received().slice(it.origin.received().indexOf("GET /claims"));
      assert.doesNotMatch(forwarded, /6\.6\.6\.6|evil|https|X_User|gzip|h2c|http2|Keep-Alive: 5|bad id/i);
      assert.match(forwarded, /^Forwarded: for=127\.0\.0\.1;host=a\.test;proto=http\r$/m);
      assert.match(forwarded, /^X-Forwarded-Host: a\.test\r$/m);
    });

    test("a CRLF that hides in a value's encoding stays encoded", async () => {
      await using it = await start(path);
      it.client.send(`GET /inject%0d%0aX-Evil:%201 HTTP/1.1\r\n${host}X-A: %0d%0aX-Evil: 1\r\n\r\n`);
      await it.client.until((text) => text.endsWith("ok"));
      assert.doesNotMatch(it.origin.received(), /^X-Evil/m);
    });

    test("pipelined requests are answered in order, up to the first that is not well", async () => {
      await using it = await start(path);
      const good = (n: number): string => `GET /pipelined-${n} HTTP/1.1\r\n${host}\r\n`;
      it.client.send(`${good(1)}${good(2)}GET /bad/../x HTTP/1.1\r\n${host}\r\n${good(3)}`);
      const answer = await it.client.untilClosed();
      const statuses = [...answer.matchAll(/HTTP\/1\.1 (\d{3}) /g)].map((match) => match[1]);
      assert.deepEqual(statuses, ["200", "200", "400"]);
    });

    test("the refusal of an endless head arrives, though the client never stops sending", async () => {
      await using it = await start(path);
      for (let i = 0; i < 10; i++) {
        await using client = new RawClient(it.port);
        client.send(`GET / HTTP/1.1\r\n${host}`).send(`X: ${"x".repeat(4_000_000)}`);
        assert.match(await client.until((text) => text.includes("GATEWAY_")), /^HTTP\/1\.1 431 /);
      }
    });
  });
}
