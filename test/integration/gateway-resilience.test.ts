import assert from "node:assert/strict";
import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import { test } from "node:test";
import { Gateway, type Snapshot } from "../../src/gateway/index.ts";
import {
  eventually,
  RawClient,
  snapshotOf,
  startGateway,
  startOrigin,
  startRawOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

async function ask(
  port: number,
  options: { method?: string; path?: string; body?: string; headers?: Record<string, string>; agent?: Agent } = {},
): Promise<Answer> {
  const { method = "GET", path = "/", body, headers = {}, agent } = options;
  const sent = httpRequest({
    port,
    host: "127.0.0.1",
    method,
    path,
    headers,
    ...(agent === undefined ? {} : { agent }),
  });
  sent.end(body);
  const [answer] = (await once(sent, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of answer) text += String(chunk);
  return { status: answer.statusCode!, body: text, headers: answer.headers };
}

const codeOf = (answer: Answer): unknown => (JSON.parse(answer.body) as { code: string }).code;
const answerWith =
  (text: string) =>
  (req: IncomingMessage, res: ServerResponse): void => {
    req.resume().on("end", () => res.end(text));
  };

/** A port on which nobody listens. */
async function refusedPort(): Promise<number> {
  const origin = await startOrigin(() => undefined);
  await origin[Symbol.asyncDispose]();
  return origin.port;
}

test("a refused connection is tried elsewhere, whatever the method, body included", async () => {
  await using origin = await startOrigin((req, res) => {
    let body = "";
    req.on("data", (chunk) => (body += String(chunk))).on("end", () => res.end(body));
  });
  await using it = await startGateway({
    upstreams: [upstream("api-1", await refusedPort()), upstream("api-2", origin.port)],
    service: { balance: { algorithm: "round-robin" } },
  });
  for (let i = 0; i < 4; i++) {
    assert.equal((await ask(it.port, { method: "POST", body: `order ${i}` })).body, `order ${i}`);
  }
  assert.ok(it.gateway.figures().services["api"]!.retries > 0);
});

test("an idempotent request survives the death of its upstream; another is not sent twice", async () => {
  let posts = 0;
  await using dying = await startRawOrigin((socket, all) => {
    if (all.startsWith("POST")) posts++;
    socket.destroy();
  });
  await using origin = await startOrigin(answerWith("alive"));
  const upstreams = [upstream("api-1", dying.port), upstream("api-2", origin.port, { weight: 0.001 })];
  await using it = await startGateway({ upstreams });
  assert.equal((await ask(it.port)).body, "alive");
  assert.equal((await ask(it.port, { method: "PUT", body: "same" })).body, "alive");
  const post = await ask(it.port, { method: "POST", body: "once" });
  assert.deepEqual([post.status, codeOf(post), posts], [502, "GATEWAY_UPSTREAM_FAILED", 1]);
});

test("a streamed body that is still held is sent again; one that is not is not", async () => {
  await using dying = await startRawOrigin((socket, all) => {
    if (all.endsWith("END\r\n0\r\n\r\n")) socket.destroy();
  });
  let received = "";
  await using origin = await startOrigin((req, res) => {
    received = "";
    req.on("data", (chunk) => (received += String(chunk))).on("end", () => res.end("alive"));
  });
  const upstreams = [upstream("api-1", dying.port), upstream("api-2", origin.port, { weight: 0.001 })];
  await using it = await startGateway({ upstreams });
  const put = (size: number): Promise<Answer> =>
    ask(it.port, { method: "PUT", body: `${"x".repeat(size)}END`, headers: { "transfer-encoding": "chunked" } });
  assert.equal((await put(1_000)).body, "alive");
  assert.equal(received.length, 1_003);
  const large = await put(200_000);
  assert.deepEqual([large.status, codeOf(large)], [502, "GATEWAY_UPSTREAM_FAILED"]);
});

test("retries: false sends nothing twice", async () => {
  await using origin = await startOrigin(answerWith("alive"));
  const upstreams = [upstream("api-1", await refusedPort()), upstream("api-2", origin.port, { weight: 0.001 })];
  await using it = await startGateway({ upstreams, service: { retries: false } });
  const answer = await ask(it.port);
  assert.deepEqual([answer.status, codeOf(answer)], [502, "GATEWAY_UPSTREAM_UNREACHABLE"]);
});

test("a service that fails altogether is not retried beyond its budget", async () => {
  let requests = 0;
  await using dying = await startRawOrigin((socket) => {
    requests++;
    socket.destroy();
  });
  await using it = await startGateway({ upstreams: [upstream("api-1", dying.port)] });
  for (let i = 0; i < 40; i++) assert.equal((await ask(it.port)).status, 502);
  assert.ok(requests <= 40 + 3 + 40 * 0.2, `${requests} for 40`);
});

test("a request that waits at an instance which hangs is moved as soon as that is known", async () => {
  await using hanging = await startRawOrigin(() => undefined);
  await using origin = await startOrigin(answerWith("alive"));
  const gateway = new Gateway();
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", hanging.port)] }));
  await using _ = { [Symbol.asyncDispose]: () => gateway.stop() };
  const { port } = gateway.addresses()[0]!;
  const reads = Array.from({ length: 20 }, () => ask(port));
  let isPosted = false;
  const post = ask(port, { method: "POST", body: "x" }).then((answer) => {
    isPosted = true;
    return answer;
  });
  await eventually(() => gateway.inFlight("api-1") === 21 && hanging.received().includes("POST"));
  const upstreams = [upstream("api-1", hanging.port, { healthy: false }), upstream("api-2", origin.port)];
  await gateway.apply(snapshotOf({ upstreams }));
  for (const answer of await Promise.all(reads)) assert.equal(answer.body, "alive");
  assert.equal(gateway.figures().services["api"]!.moved, 20);
  // It may have been acted on: only its upstream's death or the timeout ends the wait.
  assert.equal(isPosted, false);
  for (const socket of hanging.sockets) socket.destroy();
  assert.equal((await post).status, 502);
  assert.equal(gateway.inFlight("api-1"), 0);
});

test("a request that waits for a connection is moved too", async () => {
  await using origin = await startOrigin(answerWith("alive"));
  // RFC 5737: nobody answers there, so the connection neither opens nor fails for a while.
  const nowhere = { ...upstream("api-1", 1), origin: "http://192.0.2.1:81" };
  const gateway = new Gateway();
  await using _ = { [Symbol.asyncDispose]: () => gateway.stop() };
  await gateway.start(snapshotOf({ upstreams: [nowhere, upstream("api-2", origin.port, { weight: 0.001 })] }));
  const answer = ask(gateway.addresses()[0]!.port);
  await eventually(() => gateway.inFlight("api-1") + origin.requests.length > 0);
  await gateway.apply(snapshotOf({ upstreams: [upstream("api-2", origin.port)] }));
  assert.equal((await answer).body, "alive");
});

test("swapping snapshots under load costs no request", async () => {
  const gateway = new Gateway();
  const origins = await Promise.all([1, 2, 3, 4].map((n) => startOrigin(answerWith(`origin ${n}`))));
  await using agent = { agent: new Agent({ keepAlive: true, maxSockets: 16 }), [Symbol.asyncDispose]: async () => {} };
  try {
    const among = (...numbers: number[]): Snapshot =>
      snapshotOf({ upstreams: numbers.map((n) => upstream(`api-${n}`, origins[n - 1]!.port)) });
    await gateway.start(among(1, 2));
    const { port } = gateway.addresses()[0]!;
    const load = { isOn: true };
    let asked = 0;
    const failures: Answer[] = [];
    const clients = Promise.all(
      Array.from({ length: 16 }, async (_, i) => {
        while (load.isOn) {
          asked++;
          const body = i % 2 === 0 ? {} : { method: "POST", body: "x" };
          const answer = await ask(port, { ...body, agent: agent.agent });
          if (answer.status !== 200 || !answer.body.startsWith("origin ")) failures.push(answer);
        }
      }),
    );
    for (const numbers of [[1, 2, 3, 4], [3, 4], [1, 4], [2], [1, 2, 3]]) {
      const goal = asked + 200;
      await gateway.apply(among(...numbers));
      await eventually(() => asked >= goal);
    }
    load.isOn = false;
    await clients;
    assert.deepEqual(failures, []);
    for (let n = 1; n <= 4; n++) assert.equal(gateway.inFlight(`api-${n}`), 0);
  } finally {
    agent.agent.destroy();
    await gateway.stop();
    await Promise.all(origins.map((origin) => origin[Symbol.asyncDispose]()));
  }
});

test("an upstream that drains gets nothing new, and its end is reported once it is free", async () => {
  const drained = new Set<string>();
  const gateway = new Gateway({ onDrained: (id) => drained.add(id) });
  let finish: (() => void) | undefined;
  await using slow = await startOrigin((_, res) => (finish = () => res.end("slow")));
  await using origin = await startOrigin(answerWith("other"));
  await using _ = { [Symbol.asyncDispose]: () => gateway.stop() };
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", slow.port)] }));
  const { port } = gateway.addresses()[0]!;
  const waiting = ask(port);
  await eventually(() => finish !== undefined);
  await gateway.apply(
    snapshotOf({ upstreams: [upstream("api-1", slow.port, { state: "draining" }), upstream("api-2", origin.port)] }),
  );
  for (let i = 0; i < 5; i++) assert.equal((await ask(port)).body, "other");
  assert.equal(drained.size, 0);
  finish!();
  assert.equal((await waiting).body, "slow");
  await eventually(() => drained.has("api-1"));
});

test("failing upstreams are ejected, never the last one", async () => {
  await using failing = await startOrigin((_, res) => res.writeHead(500).end());
  await using origin = await startOrigin(answerWith("well"));
  const upstreams = [upstream("api-1", failing.port), upstream("api-2", origin.port)];
  await using it = await startGateway({ upstreams, service: { balance: { algorithm: "round-robin" } } });
  for (let i = 0; i < 10; i++) await ask(it.port);
  for (let i = 0; i < 10; i++) assert.equal((await ask(it.port)).body, "well");
  const [first] = it.gateway.figures().services["api"]!.upstreams;
  assert.deepEqual([first!.ejected, first!.ejections, failing.requests.length], [true, 1, 5]);
});

test("timeouts: connection, head of the answer, the whole", async () => {
  await using hanging = await startRawOrigin(() => undefined);
  await using dripping = await startOrigin((_, res) => {
    const drip = setInterval(() => res.write("."), 20);
    res.on("close", () => clearInterval(drip));
  });
  const timeouts = { connectMs: 300, responseMs: 300, idleMs: 5_000, totalMs: 0 };
  const service = { retries: false, timeouts } as const;
  await using nowhere = await startGateway({
    upstreams: [{ ...upstream("api-1", 1), origin: "http://192.0.2.1:81" }],
    service,
  });
  const unconnected = await ask(nowhere.port);
  // A network may also say at once that there is no way.
  assert.match(String(codeOf(unconnected)), /^GATEWAY_(CONNECT_TIMEOUT|UPSTREAM_UNREACHABLE)$/);
  await using silent = await startGateway({ upstreams: [upstream("api-1", hanging.port)], service });
  const unanswered = await ask(silent.port);
  assert.deepEqual([unanswered.status, codeOf(unanswered)], [504, "GATEWAY_UPSTREAM_TIMEOUT"]);
  const total = { retries: false, timeouts: { ...timeouts, totalMs: 300 } } as const;
  await using endless = await startGateway({ upstreams: [upstream("api-1", dripping.port)], service: total });
  await assert.rejects(ask(endless.port), { code: "ECONNRESET" });
  await using late = await startGateway({
    upstreams: [upstream("api-1", hanging.port)],
    service: { ...total, timeouts: { ...total.timeouts, responseMs: 5_000 } },
  });
  assert.equal(codeOf(await ask(late.port)), "GATEWAY_TOTAL_TIMEOUT");
});

test("an upstream is given no more than its circuit allows", async () => {
  const held: ServerResponse[] = [];
  await using origin = await startOrigin((_, res) => held.push(res));
  await using it = await startGateway({
    upstreams: [upstream("api-1", origin.port)],
    service: { circuit: { maxRequests: 3, maxPending: 10 } },
  });
  const asked = ["/a", "/b", "/c"].map((path) => ask(it.port, { path }));
  await eventually(() => held.length === 3);
  const shed = await ask(it.port);
  assert.deepEqual([shed.status, codeOf(shed), shed.headers["retry-after"]], [503, "GATEWAY_UPSTREAM_OVERLOADED", "1"]);
  for (const res of held) res.end("held");
  for (const answer of await Promise.all(asked)) assert.equal(answer.body, "held");
  assert.equal(it.gateway.figures().services["api"]!.shed, 1);
});

test("nobody there: 503 at once; no route: 404", async () => {
  await using it = await startGateway({ services: { api: { routes: [{ path: { kind: "prefix", value: "/api" } }] } } });
  const none = await ask(it.port, { path: "/api/x" });
  assert.deepEqual([none.status, codeOf(none), none.headers["retry-after"]], [503, "GATEWAY_NO_UPSTREAM", "1"]);
  assert.equal(none.headers["content-type"], "application/problem+json");
  const unknown = await ask(it.port, { path: "/other" });
  assert.deepEqual([unknown.status, codeOf(unknown)], [404, "GATEWAY_NO_ROUTE"]);
  assert.equal((await ask(it.port, { method: "HEAD", path: "/other" })).status, 404);
  const small = await ask(it.port, { method: "POST", path: "/other", body: "small" });
  assert.deepEqual([small.status, small.headers.connection], [404, "keep-alive"]);
  const large = await ask(it.port, { method: "POST", path: "/other", body: "x".repeat(100_000) });
  assert.deepEqual([large.status, large.headers.connection], [404, "close"]);
});

test("a sticky cookie keeps a client where it is, and is set anew when that is gone", async () => {
  await using first = await startOrigin(answerWith("1"));
  await using second = await startOrigin(answerWith("2"));
  const both = [upstream("api-1", first.port), upstream("api-2", second.port)];
  const service = { sticky: "kept", balance: { algorithm: "round-robin" } } as const;
  await using it = await startGateway({ upstreams: both, service });
  const greeting = await ask(it.port);
  const cookie = greeting.headers["set-cookie"]![0]!.split(";")[0]!;
  for (let i = 0; i < 6; i++) {
    const again = await ask(it.port, { headers: { cookie } });
    assert.deepEqual([again.body, again.headers["set-cookie"]], [greeting.body, undefined]);
  }
  const others = both.filter(({ id }) => id !== `api-${greeting.body}`);
  await it.gateway.apply(snapshotOf({ upstreams: others, service }));
  const moved = await ask(it.port, { headers: { cookie } });
  assert.notEqual(moved.body, greeting.body);
  assert.ok(moved.headers["set-cookie"]![0]!.startsWith("kept="));
});

test("a canary gets its share", async () => {
  await using stable = await startOrigin(answerWith("stable"));
  await using canary = await startOrigin(answerWith("canary"));
  let turn = 0;
  const gateway = new Gateway({ random: () => (turn++ % 100) / 100 });
  await using _ = { [Symbol.asyncDispose]: () => gateway.stop() };
  await gateway.start(
    snapshotOf({
      services: {
        api: {
          split: { next: 0.1 },
          upstreams: [upstream("api-1", stable.port)],
          balance: { algorithm: "round-robin" },
        },
        next: { routes: [], upstreams: [upstream("next-1", canary.port)], balance: { algorithm: "round-robin" } },
      },
    }),
  );
  const bodies: string[] = [];
  for (let i = 0; i < 100; i++) bodies.push((await ask(gateway.addresses()[0]!.port)).body);
  assert.equal(bodies.filter((body) => body === "canary").length, 10);
});

test("an internal listener sends everything to its service, and believes what its callers say", async () => {
  await using origin = await startOrigin((req, res) => res.end(JSON.stringify(req.headers)));
  const gateway = new Gateway();
  await using _ = { [Symbol.asyncDispose]: () => gateway.stop() };
  await gateway.start(
    snapshotOf({
      listeners: [{ host: "127.0.0.1", port: 0, service: "mailer" }],
      services: { mailer: { routes: [], upstreams: [upstream("mailer-1", origin.port)] } },
    }),
  );
  const headers = { "x-forwarded-for": "203.0.113.9", "x-request-id": "abc", traceparent: "00-1-2-01" };
  const { port, service } = gateway.addresses()[0]!;
  assert.equal(service, "mailer");
  const seen = JSON.parse((await ask(port, { path: "/anything", headers })).body) as Record<string, string>;
  assert.equal(seen["x-forwarded-for"], "203.0.113.9, 127.0.0.1");
  assert.deepEqual([seen["x-request-id"], seen["traceparent"]], ["abc", "00-1-2-01"]);
});

test("a drain finishes what is in flight, says so to its clients, and closes what is idle", async () => {
  let finish: (() => void) | undefined;
  await using origin = await startOrigin((req, res) => {
    if (req.url === "/slow") finish = () => res.end("slow");
    else res.end("quick");
  });
  const gateway = new Gateway();
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)] }));
  const { port } = gateway.addresses()[0]!;
  await using idle = new RawClient(port);
  await using last = new RawClient(port);
  for (const client of [idle, last]) {
    client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
    await client.until((text) => text.endsWith("quick"));
  }
  const slow = ask(port, { path: "/slow" });
  await eventually(() => finish !== undefined);
  const drained = gateway.drain(10_000);
  last.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
  assert.match(await last.untilClosed(), /Connection: close\r\n[^]*quick$/);
  await assert.rejects(ask(port), { code: "ECONNREFUSED" });
  await idle.untilClosed();
  finish!();
  assert.equal((await slow).headers.connection, "close");
  await drained;
});

test("whatever happens to requests, in the end nothing is in flight", async () => {
  await using origin = await startRawOrigin((socket, all) => {
    if (!all.includes("\r\n\r\n")) return;
    const fate = all
      .match(/\/\d HTTP/g)
      ?.at(-1)
      ?.charAt(1);
    if (fate === "0") socket.destroy();
    else if (fate === "1") socket.end("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf");
    else if (fate === "2") socket.write("nonsense\r\n\r\n");
    else if (fate === "3") socket.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n");
    else if (fate !== "4") socket.write("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
  });
  const timeouts = { connectMs: 300, responseMs: 300, idleMs: 300, totalMs: 1_000 };
  const upstreams = [1, 2, 3].map((n) => upstream(`api-${n}`, origin.port));
  await using it = await startGateway({ upstreams, service: { timeouts } });
  const clients = Array.from({ length: 60 }, (_, i) => {
    const client = new RawClient(it.port);
    const body = i % 4 === 0 ? `Content-Length: 4\r\n\r\n${i % 8 === 0 ? "body" : "bo"}` : "\r\n";
    client.send(`${i % 4 === 0 ? "PUT" : "GET"} /${i % 6} HTTP/1.1\r\nHost: a\r\n${body}`);
    if (i % 5 === 0) client.socket.end();
    if (i % 7 === 0) setImmediate(() => client.socket.destroy());
    return client;
  });
  await eventually(() => origin.received().split("HTTP/1.1").length > 20);
  await it.gateway.apply(snapshotOf({ upstreams: upstreams.slice(1), service: { timeouts } }));
  await eventually(() => it.gateway.figures().active === 0);
  for (const { id } of upstreams) assert.equal(it.gateway.inFlight(id), 0, id);
  for (const { inFlight } of it.gateway.figures().services["api"]!.upstreams) assert.equal(inFlight, 0);
  for (const client of clients) client.socket.destroy();
});
