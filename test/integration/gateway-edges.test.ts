import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { Gateway } from "../../src/gateway/index.ts";
import {
  eventually,
  RawClient,
  snapshotOf,
  type SnapshotOptions,
  startGatewayBefore,
  startOrigin,
  startRawOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const host = "Host: a.test\r\n";

test("a head reaches the upstream before its body, and its answer the client", async () => {
  await using origin = await startOrigin((req, res) => {
    res.write("ready;");
    req.pipe(res);
  });
  await using it = await startGatewayBefore(origin.port);
  for (const length of ["Transfer-Encoding: chunked", "Content-Length: 1000000"]) {
    await using client = new RawClient(it.port);
    client.send(`POST / HTTP/1.1\r\n${host}${length}\r\n\r\n`);
    await client.until((text) => text.includes("ready;"));
    client.send(length.startsWith("T") ? "5\r\nhello\r\n" : "hello");
    await client.until((text) => text.includes("hello"));
  }
  await eventually(() => it.gateway.inFlight("api-1") === 0);
});

test("an answer of unknown length given before the body was sent reaches a client that reads only then", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (all.endsWith("\r\n\r\n"))
      socket.write("HTTP/1.1 413 Too Large\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nlarge\r\n0\r\n\r\n");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.socket.pause();
  client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 10000000\r\n\r\n`);
  await eventually(() => it.gateway.figures().services["api"]!.requests["413"] === 1);
  for (let i = 0; i < 50; i++) {
    client.send("x".repeat(1_000));
    await new Promise(setImmediate);
  }
  client.socket.resume();
  assert.match(await client.untilClosed(), /^HTTP\/1\.1 413 [^]*5\r\nlarge\r\n0\r\n\r\n$/);
});

test("a field's name may be that of what every object has, and its value a list", async () => {
  await using origin = await startOrigin((_, res) => res.end("here"));
  const keptBy = (name: string): SnapshotOptions => ({
    service: { balance: { algorithm: "consistent-hash", key: { source: "header", name } } },
  });
  for (const name of ["constructor", "__proto__", "set-cookie"]) {
    await using it = await startGatewayBefore(origin.port, keptBy(name));
    await using client = new RawClient(it.port);
    client.send(`GET / HTTP/1.1\r\n${host}Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n\r\n`);
    assert.match(await client.until((text) => text.endsWith("here")), /^HTTP\/1\.1 200 /);
  }
  const headers = Object.fromEntries([["constructor", true as const]]);
  await using it = await startGatewayBefore(origin.port, { service: { routes: [{ headers }] } });
  await using client = new RawClient(it.port);
  assert.match(
    await client.send(`GET / HTTP/1.1\r\n${host}\r\n`).until((text) => text.endsWith("}\n")),
    /^HTTP\/1\.1 404 /,
  );
});

test("stopping while the last requests of an upstream that left are under way is quiet", async () => {
  await using origin = await startOrigin(() => undefined);
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`);
  await eventually(() => origin.requests.length === 1);
  await it.gateway.apply(snapshotOf({ upstreams: [] }));
  await it.gateway.stop();
  await eventually(() => origin.requests[0]!.socket.destroyed);
});

test("a refused upgrade may say why at length", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (all.endsWith("\r\n\r\n")) {
      socket.write(`HTTP/1.1 403 Forbidden\r\nContent-Length: 1000000\r\n\r\n${"x".repeat(1_000_000)}`);
    }
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}Connection: upgrade\r\nUpgrade: websocket\r\n\r\n`);
  const answer = await client.untilClosed();
  assert.match(answer, /^HTTP\/1\.1 403 /);
  assert.equal(answer.length - answer.indexOf("\r\n\r\n") - 4, 1_000_000);
});

test("nothing that a client writes is obeyed by a terminal that shows the access log", async (t) => {
  const accessLogPath = join(temporaryDirectory(t), "access.log");
  await using origin = await startOrigin((_, res) => res.end("ok"));
  await using gateway = new Gateway({ accessLogPath });
  const settings = { accessLog: true, trustedProxies: ["127.0.0.1"] };
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)], settings }));
  await using client = new RawClient(gateway.addresses()[0]!.port);
  client.send(
    `GET /a"\\%0a HTTP/1.1\r\n${host}X-Forwarded-For: \x9b31m"\r\nX-Request-Id: "\\\r\nConnection: close\r\n\r\n`,
  );
  await client.untilClosed();
  await gateway.stop();
  const log = await readFile(accessLogPath, "latin1");
  assert.match(log, /^[\x20-\x7e]+\n$/);
  const { path, client: address, requestId } = JSON.parse(log) as Record<string, string>;
  assert.deepEqual({ path, address, requestId }, { path: '/a"\\%0a', address: '\u009b31m"', requestId: '"\\' });
});

test("what the client breaks is not held against the upstream", async () => {
  await using origin = await startOrigin((req) => void req.resume());
  await using it = await startGatewayBefore(origin.port, {
    service: { timeouts: { connectMs: 2_000, responseMs: 5_000, idleMs: 100, totalMs: 300 } },
  });
  const breaks: Record<string, (client: RawClient) => unknown> = {
    "it leaves": (client) => client.send("5\r\n").socket.destroy(),
    "it closes its half": (client) => client.socket.end(),
    "it sends no chunk": (client) => client.send("zz\r\n"),
    "it stalls": () => undefined,
  };
  for (const [what, breakOff] of Object.entries(breaks)) {
    const client = new RawClient(it.port);
    const before = origin.requests.length;
    client.send(`POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`);
    await eventually(() => origin.requests.length > before);
    breakOff(client);
    await client.untilClosed();
    await eventually(() => it.gateway.inFlight("api-1") === 0);
    assert.equal(it.gateway.figures().services["api"]!.upstreams[0]!.failures, 0, what);
  }
});
