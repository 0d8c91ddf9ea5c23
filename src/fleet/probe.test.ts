import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { test, type TestContext } from "node:test";
import { probe } from "./probe.ts";

async function listen(t: TestContext, server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function answering(t: TestContext, listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  t.after(() => server.closeAllConnections());
  return listen(t, server);
}

for (const [status, ok] of [
  [200, true],
  [204, true],
  [302, true],
  [404, false],
  [503, false],
] as const) {
  test(`status ${status} is ${ok ? "well" : "not well"}`, async (t) => {
    const origin = await answering(t, (_, response) => response.writeHead(status).end());
    const result = await probe({ origin, path: "/healthz" }, 5_000);
    assert.deepEqual(result, ok ? { ok } : { ok, reason: `status ${status}`, answered: true });
  });
}

test("asks the path with its query, over a connection of its own", async (t) => {
  const seen: string[] = [];
  const origin = await answering(t, (request, response) => {
    seen.push(`${request.url} ${request.headers.connection} ${request.headers["user-agent"]}`);
    response.end();
  });
  await probe({ origin, path: "/ready?deep=1" }, 5_000);
  assert.deepEqual(seen, ["/ready?deep=1 close tenfold-health"]);
});

test("an answer is read to its end, so that the application sees no error", async (t) => {
  const ended = Promise.withResolvers<boolean>();
  const origin = await answering(t, (_, response) => {
    response.on("close", () => ended.resolve(response.writableFinished));
    response.write("a");
    setImmediate(() => response.end("b"));
  });
  await probe({ origin, path: "/" }, 5_000);
  assert.equal(await ended.promise, true);
});

test("an answer without end is cut off", async (t) => {
  const closed = Promise.withResolvers<void>();
  const origin = await answering(t, (_, response) => {
    response.on("close", () => closed.resolve());
    const more = (): void => void (response.destroyed || (response.write("x".repeat(10_000)), setImmediate(more)));
    more();
  });
  assert.deepEqual(await probe({ origin, path: "/" }, 5_000), { ok: true });
  await closed.promise;
});

test("no answer in time, whatever it was that hangs", async (t) => {
  const hanging = await answering(t, () => {});
  const silent = createTcpServer((socket) => socket.resume().on("error", () => {}));
  const reason = "no answer within 50 ms";
  for (const origin of [hanging, await listen(t, silent)]) {
    assert.deepEqual(await probe({ origin, path: "/" }, 50), { ok: false, reason, answered: false });
  }
});

test("without a path, a connection is enough", async (t) => {
  const server = createTcpServer((socket) => socket.end());
  const origin = await listen(t, server);
  assert.deepEqual(await probe({ origin }, 5_000), { ok: true });
  server.close();
  await once(server, "close");
  const refused = { ok: false, reason: "connection refused", answered: false };
  assert.deepEqual(await probe({ origin }, 5_000), refused);
  assert.deepEqual(await probe({ origin, path: "/" }, 5_000), refused);
});

test("what speaks no HTTP has not answered", async (t) => {
  const origin = await listen(
    t,
    createTcpServer((socket) => socket.end("SSH-2.0\r\n\r\n")),
  );
  const result = await probe({ origin, path: "/" }, 5_000);
  assert.ok(!result.ok && !result.answered);
});

test("a check that was aborted resolves", async (t) => {
  const origin = await answering(t, () => {});
  const abort = new AbortController();
  const probing = probe({ origin, path: "/" }, 60_000, abort.signal);
  abort.abort();
  assert.equal((await probing).ok, false);
  assert.equal((await probe({ origin, path: "/" }, 60_000, abort.signal)).ok, false);
});
