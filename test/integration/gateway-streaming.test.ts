import assert from "node:assert/strict";
import { once } from "node:events";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { WebSocket, WebSocketServer } from "ws";
import {
  eventually,
  type Origin,
  RawClient,
  startGatewayBefore,
  startOrigin,
  startRawOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";

const host = "Host: a.test\r\n";

async function bodyOf(message: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of message) text += String(chunk);
  return text;
}

const noRetries = { service: { retries: false } } as const;

test("an upload flows no faster than the upstream takes it, and nothing of it is held", async () => {
  let incoming: IncomingMessage | undefined;
  await using origin = await startOrigin((req, res) => {
    incoming = req;
    req.pause();
    req.on("end", () => res.end("done"));
  });
  await using it = await startGatewayBefore(origin.port, { settings: { maxBodyBytes: 1024 ** 3 } });
  const total = 64 * 1024 * 1024;
  const sent = httpRequest({ port: it.port, method: "PUT", path: "/", headers: { "content-length": total } });
  const answered = once(sent, "response");
  const chunk = Buffer.alloc(256 * 1024);
  let written = 0;
  const pump = (): void => {
    while (written < total) {
      written += chunk.length;
      if (!sent.write(chunk)) return void sent.once("drain", pump);
    }
    sent.end();
  };
  pump();
  await eventually(() => incoming !== undefined && sent.writableNeedDrain);
  // What is under way now sits in socket buffers of the kernel and the two processes' streams.
  let before = -1;
  await eventually(() => {
    const isStill = before === sent.socket!.bytesWritten;
    before = sent.socket!.bytesWritten;
    return isStill && before > 0;
  });
  assert.ok(sent.socket!.bytesWritten < total / 2, `${sent.socket!.bytesWritten} of ${total} were taken`);
  let received = 0;
  incoming!.on("data", (data: Buffer) => (received += data.length)).resume();
  const [answer] = (await answered) as [IncomingMessage];
  assert.equal(await bodyOf(answer), "done");
  assert.equal(received, total);
});

test("a download flows no faster than the client reads it", async () => {
  let written = 0;
  const total = 64 * 1024 * 1024;
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, { "content-length": total });
    const chunk = Buffer.alloc(256 * 1024, "x");
    const pump = (): void => {
      while (written < total) {
        written += chunk.length;
        if (!res.write(chunk)) return void res.once("drain", pump);
      }
      res.end();
    };
    pump();
  });
  await using it = await startGatewayBefore(origin.port);
  const sent = httpRequest({ port: it.port, path: "/" }).end();
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  answer.pause();
  let before = -1;
  await eventually(() => {
    const isStill = before === written;
    before = written;
    return isStill && before > 0;
  });
  assert.ok(written < total, `${written} of ${total} were written`);
  let received = 0;
  for await (const chunk of answer) received += (chunk as Buffer).length;
  assert.equal(received, total);
});

test("events of a stream arrive one by one, and the head before the first", async () => {
  let send: ((text: string) => void) | undefined;
  let end: (() => void) | undefined;
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, { "content-type": "text/event-stream" });
    res.flushHeaders();
    send = (text) => res.write(text);
    end = () => res.end();
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET /events HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.includes("text/event-stream") && text.endsWith("\r\n\r\n"));
  send!("data: 1\n\n");
  await client.until((text) => text.includes("data: 1\n\n"));
  send!("data: 2\n\n");
  await client.until((text) => text.includes("data: 2\n\n"));
  end!();
  await client.until((text) => text.endsWith("0\r\n\r\n"));
});

test("a client that leaves takes its request to the upstream along", async () => {
  let left = false;
  await using origin = await startOrigin((req, res) => {
    res.write("begin");
    req.on("close", () => (left = true));
  });
  await using it = await startGatewayBefore(origin.port);
  const client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.includes("begin"));
  client.socket.destroy();
  await eventually(() => left);
  await eventually(() => it.gateway.inFlight("api-1") === 0);
});

test("trailers of an answer pass through", async () => {
  await using origin = await startOrigin((_, res) => {
    res.writeHead(200, { trailer: "X-Sum" });
    res.write("body");
    res.addTrailers({ "X-Sum": "42" });
    res.end();
  });
  await using it = await startGatewayBefore(origin.port);
  const [answer] = (await once(httpRequest({ port: it.port }).end(), "response")) as [IncomingMessage];
  assert.equal(await bodyOf(answer), "body");
  assert.equal(answer.headers.trailer, "X-Sum");
  assert.equal(answer.trailers["x-sum"], "42");
});

test("trailers of a request pass through", async () => {
  let trailers: NodeJS.Dict<string> = {};
  let body = "";
  await using origin = await startOrigin(async (req, res) => {
    body = await bodyOf(req);
    trailers = req.trailers;
    res.end("ok");
  });
  await using it = await startGatewayBefore(origin.port);
  const sent = httpRequest({ port: it.port, method: "POST", headers: { trailer: "X-Sum" } });
  const answered = once(sent, "response");
  sent.write("chunk");
  sent.addTrailers({ "X-Sum": "42" });
  sent.end();
  const [answer] = (await answered) as [IncomingMessage];
  assert.equal(await bodyOf(answer), "ok");
  assert.deepEqual([body, trailers["x-sum"]], ["chunk", "42"]);
});

test("early hints and other informational answers pass through, but not to HTTP/1.0", async () => {
  await using origin = await startOrigin((_, res) => {
    res.writeProcessing();
    res.writeEarlyHints({ link: "</style.css>; rel=preload" });
    res.end("ok");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  const answer = await client.until((text) => text.endsWith("ok"));
  assert.match(
    answer,
    /^HTTP\/1\.1 102 Processing\r\n[^]*HTTP\/1\.1 103 Early Hints\r\n[^]*Link: <\/style\.css>; rel=preload\r\n[^]*HTTP\/1\.1 200 OK\r\n/,
  );
  await using old = new RawClient(it.port);
  old.send("GET / HTTP/1.0\r\n\r\n");
  assert.match(await old.untilClosed(), /^HTTP\/1\.1 200 OK\r\n[^]*ok$/);
});

test("100 Continue is sent when the upstream takes the body", async () => {
  let take: (() => void) | undefined;
  const bodies: string[] = [];
  await using origin = await startOrigin(() => undefined);
  origin.server.on("checkContinue", (req: IncomingMessage, res) => {
    take = () => {
      res.writeContinue();
      void bodyOf(req).then((body) => bodies.push(body) && res.end("taken"));
    };
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
  await eventually(() => take !== undefined);
  assert.equal(client.text, "");
  take!();
  await client.until((text) => text === "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  await client.until((text) => text.endsWith("taken"));
  assert.deepEqual(bodies, ["body"]);
});

test("an upstream that refuses to take a body is heard before the body is sent", async () => {
  await using origin = await startOrigin(() => undefined);
  origin.server.on("checkContinue", (_: IncomingMessage, res) => res.writeHead(401, { "content-length": 0 }).end());
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 4\r\n\r\n`);
  const answer = await client.until((text) => text.includes("\r\n\r\n"));
  assert.match(answer, /^HTTP\/1\.1 401 /);
});

test("a body that is announced too large is refused before it is sent", async () => {
  await using origin = await startOrigin((_, res) => res.end());
  await using it = await startGatewayBefore(origin.port, { settings: { maxBodyBytes: 10 } });
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Expect: 100-continue\r\nContent-Length: 11\r\n\r\n`);
  assert.match(await client.until((text) => text.includes("\r\n\r\n{")), /^HTTP\/1\.1 413 [^]*GATEWAY_BODY_TOO_LARGE/);
  assert.equal(origin.requests.length, 0);
});

test("a body that turns out too large is cut off", async () => {
  await using origin = await startOrigin((req, res) => req.resume().on("end", () => res.end("all")));
  await using it = await startGatewayBefore(origin.port, { settings: { maxBodyBytes: 100_000 } });
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`);
  for (let i = 0; i < 12; i++) client.send(`2710\r\n${"x".repeat(10_000)}\r\n`);
  const answer = await client.untilClosed();
  assert.match(answer, /^HTTP\/1\.1 413 [^]*Connection: close\r\n/);
  await eventually(() => it.gateway.inFlight("api-1") === 0);
});

test("an answer given before the body was sent reaches the client", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (all.includes("\r\n\r\n")) socket.write("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`POST / HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\n${"x".repeat(1_000)}`);
  assert.match(await client.until((text) => text.endsWith("no")), /^HTTP\/1\.1 403 [^]*Connection: close\r\n/);
});

test("HEAD, 204 and 304 have no body, and their connection goes on", async () => {
  await using origin = await startOrigin((req, res) => {
    if (req.url === "/204") res.writeHead(204).end();
    else if (req.url === "/304") res.writeHead(304, { etag: '"1"' }).end();
    else res.writeHead(200, { "content-length": 5 }).end("12345");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`HEAD / HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.endsWith("\r\n\r\n"));
  assert.match(client.text, /^HTTP\/1\.1 200 OK\r\n[^]*content-length: 5\r\n/i);
  client.send(`GET /204 HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => /HTTP\/1\.1 204 [^]*\r\n\r\n$/.test(text));
  client.send(`GET /304 HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => /HTTP\/1\.1 304 [^]*etag: "1"[^]*\r\n\r\n$/i.test(text));
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.endsWith("12345"));
});

test("an answer that ends with its connection is passed on with an end of its own", async () => {
  await using origin = await startRawOrigin((socket) => socket.end("HTTP/1.1 200 OK\r\n\r\nuntil the end"));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  const answer = await client.until((text) => text.endsWith("0\r\n\r\n"));
  assert.match(answer, /Transfer-Encoding: chunked\r\n[^]*until the end\r\n0\r\n\r\n$/);
});

test("HTTP/1.0 clients get an answer that ends with the connection", async () => {
  await using origin = await startOrigin((_, res) => {
    res.write("a");
    res.end("b");
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send("GET / HTTP/1.0\r\n\r\n");
  const answer = await client.untilClosed();
  assert.doesNotMatch(answer, /chunked/i);
  assert.match(answer, /\r\n\r\nab$/);
});

const brokenAnswers: readonly (readonly [string, string])[] = [
  ["no HTTP", "SSH-2.0-OpenSSH_9.2\r\n"],
  ["a bad status line", "HTTP/1.1 two hundred\r\n\r\n"],
  ["both lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok!"],
  ["a head without end", `HTTP/1.1 200 OK\r\nX: ${"x".repeat(100_000)}`],
  ["a flood of informational answers", "HTTP/1.1 102 Processing\r\n\r\n".repeat(100)],
  ["bare LF", "HTTP/1.1 200 OK\nContent-Length: 2\n\nok"],
];
for (const [name, bytes] of brokenAnswers) {
  test(`an upstream that sends ${name} is answered for with 502`, async () => {
    await using origin = await startRawOrigin((socket) => socket.write(bytes, "latin1"));
    await using it = await startGatewayBefore(origin.port, noRetries);
    await using client = new RawClient(it.port);
    client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
    const answer = await client.until((text) => text.includes("GATEWAY_"));
    assert.match(answer, /HTTP\/1\.1 502 Bad Gateway\r\n[^]*GATEWAY_UPSTREAM_FAILED/);
    await eventually(() => origin.sockets.size === 0);
    assert.equal(it.gateway.inFlight("api-1"), 0);
  });
}

test("an answer that breaks off is seen to break off", async () => {
  await using origin = await startRawOrigin((socket) =>
    socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf"),
  );
  await using it = await startGatewayBefore(origin.port, noRetries);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  const answer = await client.untilClosed();
  assert.ok(answer === "" || answer.endsWith("half"), answer);
});

test("a byte on an idle connection to an upstream becomes nobody's answer", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (!all.endsWith("\r\n\r\n")) return;
    socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    if (all.includes("/first")) setImmediate(() => socket.write("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"));
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET /first HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.endsWith("ok"));
  await eventually(() => origin.sockets.size === 0);
  client.send(`GET /second HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.split("\r\n\r\nok").length === 3);
  assert.doesNotMatch(client.text, /evil/);
});

const echo = (socket: WebSocket): void => {
  socket.on("message", (data, isBinary) => socket.send(data, { binary: isBinary }));
};

async function startEcho(): Promise<Origin> {
  const origin = await startOrigin((_, res) => res.writeHead(426, { "content-length": 3 }).end("no!"));
  const sockets = new WebSocketServer({ noServer: true });
  origin.server.on("upgrade", (req: IncomingMessage, socket, head) => {
    if (req.url === "/refuse") socket.end("HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno");
    else sockets.handleUpgrade(req, socket, head, echo);
  });
  return origin;
}

test("WebSockets pass through, are counted apart, and end on both sides", async () => {
  await using origin = await startEcho();
  await using it = await startGatewayBefore(origin.port);
  const socket = new WebSocket(`ws://127.0.0.1:${it.port}/echo`);
  await once(socket, "open");
  const big = "x".repeat(1_000_000);
  socket.send("hello");
  assert.equal(String((await once(socket, "message"))[0]), "hello");
  socket.send(big);
  assert.equal(String((await once(socket, "message"))[0]), big);
  const [figures] = it.gateway.figures().services["api"]!.upstreams;
  assert.deepEqual([figures!.inFlight, figures!.tunnels], [0, 1]);
  socket.close();
  await once(socket, "close");
  await eventually(() => it.gateway.figures().services["api"]!.upstreams[0]!.tunnels === 0);
  assert.deepEqual(it.gateway.figures().services["api"]!.requests, { 101: 1 });
});

test("an upstream that refuses to upgrade is heard", async () => {
  await using origin = await startEcho();
  await using it = await startGatewayBefore(origin.port);
  const socket = new WebSocket(`ws://127.0.0.1:${it.port}/refuse`);
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  assert.equal(answer.statusCode, 403);
  assert.equal(await bodyOf(answer), "no");
  await eventually(() => it.gateway.inFlight("api-1") === 0 && it.gateway.figures().connections === 0);
});

test("an upgrade without an upstream is answered", async () => {
  await using it = await startGatewayBefore(1, { upstreams: [] });
  const socket = new WebSocket(`ws://127.0.0.1:${it.port}/`);
  const [, answer] = (await once(socket, "unexpected-response")) as [unknown, IncomingMessage];
  assert.equal(answer.statusCode, 503);
});

test("one end of an upgraded connection may close its half and still listen", async () => {
  await using origin = await startOrigin(() => undefined);
  origin.server.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: raw\r\n\r\n");
    let heard = "";
    socket.on("data", (data: Buffer) => (heard += String(data)));
    socket.on("end", () => socket.end(`heard ${heard}`));
  });
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: raw\r\n\r\nearly `);
  await client.until((text) => text.includes("Upgrade: raw\r\n"));
  client.send("late").socket.end();
  assert.match(await client.untilClosed(), /\r\n\r\nheard early late$/);
  await eventually(() => it.gateway.figures().services["api"]!.upstreams[0]!.tunnels === 0);
});

test("h2c is not spoken: the request is served without it", async () => {
  await using origin = await startOrigin((req, res) => res.end(String(req.headers.upgrade)));
  await using it = await startGatewayBefore(origin.port);
  await using client = new RawClient(it.port);
  client.send(
    `GET / HTTP/1.1\r\n${host}Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n\r\n`,
  );
  assert.match(await client.until((text) => text.endsWith("undefined")), /^HTTP\/1\.1 200 /);
});

test("an upstream is reached by its unix socket", async () => {
  const path = join(tmpdir(), `tenfold-${process.pid}-${Date.now()}.sock`);
  await using _origin = await startOrigin((_, res) => res.end("by socket"), path);
  await using it = await startGatewayBefore(1, { upstreams: [upstream("api-1", 1, { socketPath: path })] });
  await using client = new RawClient(it.port);
  client.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  await client.until((text) => text.endsWith("by socket"));
});

test("slow clients are cut: a body that stalls, an answer that is not read", async () => {
  await using origin = await startOrigin((req, res) => {
    req.resume();
    if (req.method === "GET") res.end(Buffer.alloc(32 * 1024 * 1024));
  });
  const timeouts = { connectMs: 500, responseMs: 5_000, idleMs: 300, totalMs: 0 };
  await using it = await startGatewayBefore(origin.port, {
    service: { timeouts },
    upstreams: [upstream("api-1", origin.port)],
  });
  await using small = new RawClient(it.port);
  small.send(`POST / HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nhalf`);
  assert.match(await small.until((text) => text.includes("GATEWAY_")), /^HTTP\/1\.1 408 [^]*GATEWAY_BODY_TIMEOUT/);
  await using large = new RawClient(it.port);
  large.send(`POST / HTTP/1.1\r\n${host}Content-Length: 1000000\r\n\r\nhalf`);
  assert.match(await large.until((text) => text.includes("GATEWAY_")), /^HTTP\/1\.1 408 [^]*GATEWAY_BODY_TIMEOUT/);
  await using reader = new RawClient(it.port);
  reader.socket.pause();
  reader.send(`GET / HTTP/1.1\r\n${host}\r\n`);
  await eventually(() => it.gateway.figures().active === 1);
  await eventually(() => it.gateway.figures().active === 0);
  assert.equal(it.gateway.inFlight("api-1"), 0);
});
