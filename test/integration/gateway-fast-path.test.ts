import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import {
  eventually,
  RawClient,
  snapshotOf,
  startGatewayBefore,
  startOrigin,
  startRawOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";

const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: a.test\r\n\r\n`;

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

test("canonical requests are served on raw sockets, one after another on one connection", async () => {
  await using origin = await startOrigin((req, res) => res.end(req.url));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  for (const path of ["/a", "/b?c=d", "/e"]) {
    client.send(get(path));
    await client.until((text) => text.endsWith(path));
  }
  assert.deepEqual(it.gateway.figures().paths, { fast: 3, full: 0, handedOver: {} });
  assert.equal(it.gateway.figures().services["api"]!.upstreams[0]!.connections, 1);
});

const handedOver: readonly (readonly [reason: string, request: string])[] = [
  ["transfer-encoding", "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n"],
  ["expect", "POST / HTTP/1.1\r\nHost: a.test\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab"],
  ["connection", "GET / HTTP/1.1\r\nHost: a.test\r\nConnection: x-custom\r\nX-Custom: 1\r\n\r\n"],
  ["http-version", "GET / HTTP/1.0\r\nHost: a.test\r\n\r\n"],
  ["method", "PROPFIND / HTTP/1.1\r\nHost: a.test\r\n\r\n"],
  ["field-bytes", "GET / HTTP/1.1\r\nHost: a.test\r\nX-Name: Jos\xe9\r\n\r\n"],
  ["target", "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n"],
];

for (const [reason, request] of handedOver) {
  test(`a request that is not canonical is served by the full path: ${reason}`, async () => {
    await using origin = await startOrigin((req, res) => {
      req.resume().on("end", () => res.end(`${req.method} done`));
    });
    await using it = await startGatewayBefore(origin.port);
    await using client = new RawClient(it.port);
    // Behind a canonical one, in one write, so that its bytes were read along with it.
    client.send(get("/first") + request);
    await client.until((text) => count(text, "done") === 2);
    assert.deepEqual(it.gateway.figures().paths, { fast: 1, full: 1, handedOver: { [reason]: 1 } });
    assert.equal(it.gateway.figures().connections, client.isClosed ? 0 : 1);
  });
}

test("pipelined requests are answered in their order, whichever path serves them", async () => {
  await using origin = await startOrigin((req, res) => {
    setTimeout(() => res.end(`<${req.url}>`), req.url === "/0" ? 30 : 0);
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  const chunked = "POST /3 HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n";
  client.send(get("/0") + get("/1") + get("/2") + chunked + get("/4"));
  const text = await client.until((all) => all.includes("</4>"));
  assert.deepEqual(text.match(/<\/\d>/g), ["</0>", "</1>", "</2>", "</3>", "</4>"]);
});

test("an Upgrade that is ignored ends the connection: what came behind it is lost to Node's parser", async () => {
  await using origin = await startOrigin((req, res) => res.end(`<${req.url}>`));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`${get("/0")}GET /1 HTTP/1.1\r\nHost: a.test\r\nConnection: upgrade\r\nUpgrade: h2c\r\n\r\n${get("/2")}`);
  assert.match(await client.untilClosed(), /Connection: close[^]*<\/1>$/i);
});

/** Too long to be remembered for the next request. */
const longField = `X-Long: ${"a".repeat(6_000)}\r\n`;

for (const [end, connection] of [
  ["by its Connection: close", "Connection: close\r\n"],
  ["by its client, behind it", ""],
] as const) {
  test(`a connection ends after a request with long fields: ${end}`, async () => {
    await using origin = await startOrigin((_, res) => res.setHeader("Cache-Control", "max-age=60").end("done"));
    await using it = await startGatewayBefore(origin.port);
    // The second is answered by whatever cache there is.
    for (let i = 0; i < 2; i++) {
      await using client = new RawClient(it.port);
      client.send(`GET / HTTP/1.1\r\nHost: a.test\r\n${longField}${connection}\r\n`);
      await client.until((text) => text.endsWith("done"));
      client.socket.end();
      await client.untilClosed();
    }
    assert.equal(it.gateway.figures().paths.fast, 2);
  });
}

test("an idle connection is closed after a request with long fields", async () => {
  await using origin = await startOrigin((_, res) => res.end("done"));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\nHost: a.test\r\n${longField}\r\n`);
  await client.until((text) => text.endsWith("done"));
  await it.gateway.drain(1_000);
  await client.untilClosed();
});

test("a thousand pipelined requests that nobody takes are all refused", async () => {
  await using origin = await startOrigin((_, res) => res.end());
  await using it = await startGatewayBefore(origin.port, { service: { routes: [{ host: "b.test" }] }, upstreams: [] });
  await using client = new RawClient(it.port);
  client.send(get("/").repeat(1_000));
  await client.until((text) => count(text, "GATEWAY_NO_ROUTE") === 1_000);
  assert.equal(it.gateway.figures().unrouted["404"], 1_000);
});

test("a request in many small pieces is one request", async () => {
  await using origin = await startOrigin((req, res) => {
    req.setEncoding("utf8").on("data", (chunk: string) => res.write(chunk));
    req.on("end", () => res.end("|"));
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  const request = "POST /a HTTP/1.1\r\nHost: a.test\r\nContent-Length: 5\r\n\r\nhello";
  for (const piece of request.match(/[^]{1,2}/g)!) {
    client.send(piece);
    await new Promise(setImmediate);
  }
  await client.until((text) => text.includes("hello"));
  assert.deepEqual(it.gateway.figures().paths, { fast: 1, full: 0, handedOver: {} });
});

test("a head that comes byte by byte is looked at so often, and then handed over", async () => {
  await using origin = await startOrigin((_, res) => res.end());
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  for (const byte of get(`/${"a".repeat(100)}`)) {
    client.send(byte);
    await new Promise(setImmediate);
  }
  await client.until((text) => text.includes(" 200 "));
  assert.deepEqual(it.gateway.figures().paths, { fast: 0, full: 1, handedOver: { "slow-head": 1 } });
});

test("what waits behind an answer that its client never reads is not sent when the client leaves", async () => {
  let requests = 0;
  await using origin = await startOrigin((_, res) => {
    requests++;
    res.end(Buffer.alloc(60_000));
  });
  await using it = await startGatewayBefore(origin.port);
  const client = new RawClient(it.port);
  client.socket.pause();
  client.send(get("/").repeat(1_000));
  // An answer is there, and waits to be read: the kernel takes no more of it.
  let before = 0;
  let calm = 0;
  await eventually(() => {
    const isFull = it.gateway.figures().active === 1 && it.gateway.inFlight("api-1") === 0;
    calm = isFull && requests === before ? calm + 1 : 0;
    before = requests;
    return calm > 20;
  });
  client.socket.resetAndDestroy();
  await eventually(() => it.gateway.figures().connections === 0);
  // By another way to the same origin: what was sent before this is there by then.
  await using other = new RawClient(it.port);
  other.send(get("/"));
  await other.until((text) => text.length > 60_000);
  assert.equal(requests, before + 1);
});

test("a connection that the upstream closed in the meantime costs an idempotent request nothing", async () => {
  let connections = 0;
  await using origin = await startRawOrigin((socket, all) => {
    if (!all.endsWith("\r\n\r\n")) return;
    // The second request of a connection finds it closed.
    if (count(all, "GET ") === 2) {
      socket.destroy();
      return;
    }
    connections++;
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  await using it = await startGatewayBefore(origin.port, { service: { retries: { attempts: 2, budget: 0 } } });
  await using client = new RawClient(it.port);
  for (let i = 1; i <= 5; i++) {
    client.send(get("/"));
    await client.until((text) => count(text, "200 OK") === i);
  }
  assert.equal(connections, 5);
  const { failures, ejected } = it.gateway.figures().services["api"]!.upstreams[0]!;
  assert.deepEqual({ failures, ejected }, { failures: 0, ejected: false });
});

test("a write on such a connection is not repeated", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (count(all, "\r\n\r\n") === 2) socket.destroy();
    else socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(get("/"));
  await client.until((text) => text.includes("ok"));
  client.send("POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0\r\n\r\n");
  await client.until((text) => text.includes(" 502 "));
  assert.equal(count(origin.received(), "POST "), 1);
});

test("a large answer reaches a client that reads slowly whole, and no faster", async () => {
  const size = 30_000_000;
  await using origin = await startOrigin((_, res) => res.end(Buffer.alloc(size, "x")));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  let received = 0;
  client.socket.removeAllListeners("data");
  client.socket.on("data", (chunk) => {
    received += chunk.length;
    client.socket.pause();
    setImmediate(() => client.socket.resume());
  });
  const before = process.memoryUsage().rss;
  client.send(get("/"));
  await eventually(() => received > size, undefined, 30_000);
  await eventually(() => it.gateway.figures().active === 0);
  assert.ok(process.memoryUsage().rss - before < 150_000_000, "the answer was held in memory");
  assert.equal(it.gateway.figures().services["api"]!.bytesOut, size);
});

test("what one client has not read is not overwritten by another's answer", async () => {
  const letters = ["a", "b", "c", "d", "e", "f"];
  await using origin = await startOrigin((req, res) => res.end(Buffer.alloc(6_000_000, req.url!.slice(1))));
  await using it = await startGatewayBefore(origin.port);
  const clients = letters.map((letter) => {
    const client = new RawClient(it.port);
    client.socket.pause();
    client.send(get(`/${letter}`));
    return client;
  });
  await eventually(() => it.gateway.figures().active === letters.length);
  for (const client of clients) client.socket.resume();
  for (const [i, client] of clients.entries()) {
    const text = await client.until((all) => all.length > 6_000_000);
    const body = text.slice(text.indexOf("\r\n\r\n") + 4);
    assert.equal(body.replaceAll(letters[i]!, ""), "");
    await client[Symbol.asyncDispose]();
  }
});

test("a large upload passes, no faster than the upstream takes it", async () => {
  await using origin = await startOrigin((req, res) => {
    let bytes = 0;
    req.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      req.pause();
      setImmediate(() => req.resume());
    });
    req.on("end", () => res.end(`got ${bytes}`));
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send("PUT / HTTP/1.1\r\nHost: a.test\r\nContent-Length: 20000000\r\n\r\n");
  client.socket.write(Buffer.alloc(20_000_000, "x"));
  client.send(get("/next"));
  await client.until((text) => text.includes("got 20000000") && text.endsWith("got 0"));
  assert.deepEqual(it.gateway.figures().paths, { fast: 2, full: 0, handedOver: {} });
});

test("idle connections are closed when the gateway drains, those in use after their answer", async () => {
  await using origin = await startOrigin((req, res) =>
    setTimeout(() => res.end("late"), req.url === "/slow" ? 100 : 0),
  );
  await using it = await startGatewayBefore(origin.port);
  await using idle = new RawClient(it.port);
  await using busy = new RawClient(it.port);
  idle.send(get("/"));
  await idle.until((text) => text.includes("late"));
  busy.send(get("/slow"));
  await eventually(() => it.gateway.figures().active === 1);
  const drained = it.gateway.drain(5_000);
  assert.match(await busy.untilClosed(), /Connection: close[^]*late$/);
  await idle.untilClosed();
  await drained;
});

test("a connection without a request is closed after its time", async () => {
  await using origin = await startOrigin((_, res) => res.end("ok"));
  await using it = await startGatewayBefore(origin.port, { settings: { keepAliveTimeoutMs: 200, headTimeoutMs: 300 } });
  await using served = new RawClient(it.port);
  served.send(get("/"));
  await using silent = new RawClient(it.port);
  await using dawdling = new RawClient(it.port);
  dawdling.send("GET / HTTP/1.1\r\nHo");
  assert.match(await dawdling.untilClosed(), / 408 /);
  assert.match(await silent.untilClosed(), / 408 /);
  assert.match(await served.untilClosed(), / 200 [^]*ok$/);
  await eventually(() => it.gateway.figures().connections === 0);
});

test("the fast path can be switched off while the gateway runs", async () => {
  await using origin = await startOrigin((_, res) => res.end("ok"));
  await using it = await startGatewayBefore(origin.port);
  const snapshot = snapshotOf({ upstreams: [upstream("api-1", origin.port)], settings: { fastPath: false } });
  await it.gateway.apply({ ...snapshot, listeners: [{ host: "127.0.0.1", port: 0 }] });
  await using client = new RawClient(it.port);
  client.send(get("/"));
  await client.until((text) => text.includes("ok"));
  assert.deepEqual(it.gateway.figures().paths, { fast: 0, full: 1, handedOver: {} });
});

test("of large bodies that wait for a place little more is kept than came with their heads", async () => {
  await using origin = await startOrigin((req) => void req.resume());
  const overload = { concurrency: 1, queue: 100, queueTimeoutMs: 20_000, deadlineHeader: "x-request-timeout" };
  await using it = await startGatewayBefore(origin.port, { service: { overload } });
  const overloadNow = () => it.gateway.figures().services["api"]!.overload!;
  const head = (length: number): string => `POST / HTTP/1.1\r\nHost: a.test\r\nContent-Length: ${length}\r\n\r\n`;
  await using _first = new RawClient(it.port).send(head(0));
  await eventually(() => overloadNow().inFlight === 1);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  const body = Buffer.alloc(1024 * 1024, "x");
  const clients = Array.from({ length: 100 }, () => new RawClient(it.port).send(head(body.length)));
  for (const { socket } of clients) socket.write(body);
  await eventually(() => overloadNow().waiting === clients.length);
  await using last = new RawClient(it.port).send("GET /none HTTP/1.1\r\n\r\n");
  await last.untilClosed();
  collect();
  const kept = process.memoryUsage().heapUsed - before;
  for (const { socket } of clients) socket.destroy();
  assert.ok(kept < clients.length * 128 * 1024, `${Math.round(kept / 1024)} KiB`);
});
