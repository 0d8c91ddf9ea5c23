import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResolvedOverload } from "../../src/config/index.ts";
import { Gateway, type LoadWindow, type ServiceSnapshot } from "../../src/gateway/index.ts";
import {
  eventually,
  RawClient,
  snapshotOf,
  startGateway,
  startGatewayBefore,
  type StartedGateway,
  startOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";
import { startHeldOrigin } from "../support/held-origin.ts";

const deadlineHeader = "x-request-timeout";

function bounded(concurrency: number, more: Partial<ResolvedOverload> = {}): Partial<ServiceSnapshot> {
  return { overload: { concurrency, queue: 100, queueTimeoutMs: 20_000, deadlineHeader, ...more } };
}

const route = (value: string, more: object = {}): ServiceSnapshot["routes"][number] => ({
  path: { kind: "prefix", value },
  ...more,
});

async function ask(port: number, path: string, init: RequestInit = {}): Promise<Response & { code?: string }> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
  return Object.assign(answer, answer.status >= 400 ? { code: ((await answer.json()) as { code: string }).code } : {});
}

const overloadOf = ({ gateway }: StartedGateway) => gateway.figures().services["api"]!.overload!;

const untilWaiting = (started: StartedGateway, count: number): Promise<void> =>
  eventually(
    () => overloadOf(started).waiting === count,
    () => JSON.stringify(overloadOf(started)),
  );

test("so many requests are at the service at once, and the others go in the order they came", async () => {
  await using origin = await startHeldOrigin();
  await using started = await startGatewayBefore(origin.port, { service: bounded(2) });
  const answers = [];
  for (const path of ["/1", "/2", "/3", "/4"]) {
    answers.push(ask(started.port, path));
    await eventually(() => overloadOf(started).inFlight + overloadOf(started).waiting === answers.length);
  }
  assert.deepEqual(origin.seen(), ["/1", "/2"]);
  assert.equal(overloadOf(started).inFlight, 2);
  origin.release("/2");
  await eventually(() => origin.held().includes("/3"));
  assert.deepEqual(origin.held(), ["/1", "/3"]);
  origin.release("/1");
  await origin.untilHeld(2);
  for (const path of ["/3", "/4"]) origin.release(path);
  for (const answer of answers) assert.equal((await answer).status, 200);
  assert.equal(overloadOf(started).inFlight, 0);
});

test("higher priorities go first, and make room for themselves in a full line", async () => {
  await using origin = await startHeldOrigin();
  const routes = [route("/c", { priority: "critical" }), route("/b", { priority: "background" }), {}];
  await using started = await startGatewayBefore(origin.port, { service: { routes, ...bounded(1, { queue: 3 }) } });
  const running = ask(started.port, "/first");
  await origin.untilHeld(1);
  const answers = new Map<string, Promise<Response & { code?: string }>>();
  for (const [index, path] of ["/b/1", "/b/2", "/n"].entries()) {
    answers.set(path, ask(started.port, path));
    await untilWaiting(started, index + 1);
  }
  answers.set("/c", ask(started.port, "/c"));
  const displaced = await answers.get("/b/2")!;
  assert.equal(displaced.status, 503);
  assert.equal(displaced.code, "GATEWAY_OVERLOADED");
  assert.match(displaced.headers.get("retry-after")!, /^\d+$/);
  for (const next of ["/first", "/c", "/n", "/b/1"]) {
    await eventually(
      () => origin.held()[0] === next,
      () => `${next} awaited, held: ${origin.held().join()}`,
    );
    origin.release();
  }
  for (const path of ["/c", "/n", "/b/1"]) assert.equal((await answers.get(path)!).status, 200);
  assert.equal((await running).status, 200);
  assert.deepEqual(overloadOf(started).shed, { critical: 0, normal: 0, background: 1 });
});

test("whoever finds the line full is told at once, and so is whoever has waited long enough", async () => {
  await using origin = await startHeldOrigin();
  const service = bounded(1, { queue: 1, queueTimeoutMs: 100 });
  await using started = await startGatewayBefore(origin.port, { service });
  const running = ask(started.port, "/first");
  await origin.untilHeld(1);
  const waiting = ask(started.port, "/waits");
  await untilWaiting(started, 1);
  assert.equal((await ask(started.port, "/refused")).code, "GATEWAY_OVERLOADED");
  assert.equal((await waiting).code, "GATEWAY_OVERLOADED");
  origin.release();
  assert.equal((await running).status, 200);
  assert.deepEqual(origin.seen(), ["/first"]);
});

test("what cannot be done by its deadline is not begun", async () => {
  await using origin = await startHeldOrigin();
  await using started = await startGatewayBefore(origin.port, { service: bounded(1) });
  const running = ask(started.port, "/first");
  await origin.untilHeld(1);
  const late = await ask(started.port, "/late", { method: "POST", headers: { [deadlineHeader]: "30ms" } });
  assert.equal(late.status, 503);
  assert.equal(late.code, "GATEWAY_DEADLINE_UNMEETABLE");
  assert.equal(
    (await ask(started.port, "/read", { headers: { [deadlineHeader]: "30" } })).code,
    "GATEWAY_TOTAL_TIMEOUT",
  );
  await untilWaiting(started, 0);
  const patient = ask(started.port, "/patient", { headers: { [deadlineHeader]: "20s" } });
  await untilWaiting(started, 1);
  origin.release();
  await running;
  await eventually(() => origin.held().includes("/patient"));
  origin.release();
  assert.equal((await patient).status, 200);
  assert.deepEqual(origin.seen(), ["/first", "/patient"]);
});

test("what is under way when its deadline comes is given up", async () => {
  await using origin = await startHeldOrigin();
  await using started = await startGatewayBefore(origin.port, { service: { ...bounded(1), cache: false } });
  const late = await ask(started.port, "/late", { headers: { [deadlineHeader]: "50" } });
  assert.equal(late.code, "GATEWAY_TOTAL_TIMEOUT");
  await eventually(() => overloadOf(started).inFlight === 0 && origin.held().length === 0);
});

test("a client that reads slowly holds no place", async () => {
  await using origin = await startOrigin((_, res) => res.end(Buffer.alloc(32 * 1024 * 1024)));
  await using started = await startGatewayBefore(origin.port, { service: bounded(1) });
  await using slow = new RawClient(started.port);
  slow.send("GET /large HTTP/1.1\r\nHost: a\r\n\r\n");
  await slow.until((text) => text.length > 0);
  slow.socket.pause();
  const quick = await fetch(`http://127.0.0.1:${started.port}/quick`);
  assert.equal(quick.status, 200);
  await quick.body?.cancel();
  assert.equal(overloadOf(started).inFlight, 0);
});

test("a client that leaves, waiting or served, leaves its place", async () => {
  await using origin = await startHeldOrigin();
  await using started = await startGatewayBefore(origin.port, { service: { ...bounded(1), cache: false } });
  const served = new RawClient(started.port).send("GET /served HTTP/1.1\r\nHost: a\r\n\r\n");
  await origin.untilHeld(1);
  const waiting = new RawClient(started.port).send("GET /waits HTTP/1.1\r\nHost: a\r\n\r\n");
  await untilWaiting(started, 1);
  waiting.socket.destroy();
  await untilWaiting(started, 0);
  served.socket.destroy();
  await eventually(() => overloadOf(started).inFlight === 0);
  const next = ask(started.port, "/next");
  await eventually(() => origin.held().includes("/next"));
  origin.release("/next");
  assert.equal((await next).status, 200);
  assert.ok(!origin.seen().includes("/waits"));
});

test("health checks are never turned away", async () => {
  await using origin = await startHeldOrigin();
  const service = { ...bounded(1, { queue: 0 }), healthPath: "/readyz" };
  await using started = await startGatewayBefore(origin.port, { service });
  const running = ask(started.port, "/first");
  await origin.untilHeld(1);
  assert.equal((await ask(started.port, "/other")).status, 503);
  const health = ask(started.port, "/readyz?from=balancer");
  await origin.untilHeld(2);
  origin.release("/readyz?from=balancer");
  origin.release();
  assert.equal((await health).status, 200);
  await running;
});

test("a route has a bound of its own, and leaves the rest of the service to the others", async () => {
  await using origin = await startHeldOrigin();
  const routes = [route("/report", { concurrency: { max: 1, queue: 0, queueTimeoutMs: 1_000 } }), {}];
  await using started = await startGatewayBefore(origin.port, { service: { routes, ...bounded(10), cache: false } });
  const report = ask(started.port, "/report");
  await origin.untilHeld(1);
  assert.equal((await ask(started.port, "/report")).code, "GATEWAY_OVERLOADED");
  const other = ask(started.port, "/other");
  await origin.untilHeld(2);
  for (const path of ["/report", "/other"]) origin.release(path);
  assert.equal((await report).status, 200);
  assert.equal((await other).status, 200);
});

test("under pressure the service is told where it may do less, and nobody else can tell it", async () => {
  await using origin = await startHeldOrigin();
  const routes = [route("/optional", { brownout: true }), {}];
  await using started = await startGatewayBefore(origin.port, { service: { routes, ...bounded(1), cache: false } });
  const answers = [ask(started.port, "/first", { headers: { "x-tenfold-brownout": "1" } })];
  await origin.untilHeld(1);
  answers.push(ask(started.port, "/second"));
  await untilWaiting(started, 1);
  await eventually(() => overloadOf(started).brownout > 0);
  origin.release();
  await origin.untilHeld(1);
  // From here on the share falls again, but for a while it is known that there was too little room.
  const share = overloadOf(started).brownout;
  assert.ok(share > 0 && share <= 1);
  const isTold = (path: string): boolean =>
    origin.requests.some(({ url, headers }) => url === path && headers["x-tenfold-brownout"] === "1");
  for (let i = 0; i < 200 && !isTold("/optional"); i++) {
    answers.push(ask(started.port, "/optional"));
    await untilWaiting(started, 1);
    origin.release();
    await origin.untilHeld(1);
  }
  origin.release();
  assert.ok(isTold("/optional"));
  assert.ok(!isTold("/first") && !isTold("/second"));
  for (const answer of answers) assert.equal((await answer).status, 200);
});

test("an upstream that hangs does not get the places of the others", async () => {
  await using hung = await startOrigin(() => undefined);
  await using well = await startOrigin((_, res) => res.end("well"));
  await using started = await startGateway({
    upstreams: [upstream("api-1", hung.port), upstream("api-2", well.port)],
    service: { ...bounded(4), cache: false, retries: false, balance: { algorithm: "round-robin" } },
  });
  const controller = new AbortController();
  const stuck = Array.from({ length: 4 }, () => ask(started.port, "/", { signal: controller.signal }));
  await eventually(() => hung.requests.length === 2);
  for (let i = 0; i < 20; i++) assert.equal((await ask(started.port, "/")).status, 200);
  assert.equal(hung.requests.length, 2);
  controller.abort();
  await Promise.allSettled(stuck);
});

test("a large body that has to wait arrives whole", async () => {
  await using origin = await startOrigin((req, res) => {
    if (req.url === "/held") return void setTimeout(() => res.end("late"), 300);
    let bytes = 0;
    req.on("data", (chunk: Buffer) => (bytes += chunk.length)).on("end", () => res.end(String(bytes)));
  });
  await using started = await startGatewayBefore(origin.port, { service: bounded(1) });
  const held = fetch(`http://127.0.0.1:${started.port}/held`);
  await eventually(() => origin.requests.length === 1);
  const uploads = [100, 70_000, 3_000_000].map((size) =>
    fetch(`http://127.0.0.1:${started.port}/upload`, { method: "POST", body: Buffer.alloc(size, "x") }),
  );
  await untilWaiting(started, 3);
  assert.equal(await (await held).text(), "late");
  assert.deepEqual(await Promise.all(uploads.map(async (each) => (await each).text())), ["100", "70000", "3000000"]);
});

test("an upstream that breaks off leaves no place taken", async () => {
  await using origin = await startOrigin((req) => req.socket.destroy());
  await using started = await startGatewayBefore(origin.port, { service: bounded(1) });
  for (let i = 0; i < 5; i++) assert.equal((await ask(started.port, "/", { method: "POST" })).status, 502);
  assert.equal(overloadOf(started).inFlight, 0);
});

test("what is refused in line while its body is still coming leaves the line", async () => {
  await using origin = await startHeldOrigin();
  const timeouts = { connectMs: 2_000, responseMs: 5_000, idleMs: 5_000, totalMs: 400 };
  await using started = await startGatewayBefore(origin.port, { service: { ...bounded(1), timeouts } });
  await using first = new RawClient(started.port);
  first.send("POST /first HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
  await origin.untilHeld(1);
  await using upload = new RawClient(started.port);
  upload.send(`POST /upload HTTP/1.1\r\nHost: a\r\nContent-Length: 300000\r\n\r\n${"x".repeat(1_000)}`);
  await untilWaiting(started, 1);
  for (const client of [first, upload]) await client.until((text) => text.includes("GATEWAY_TOTAL_TIMEOUT"));
  await eventually(() => overloadOf(started).inFlight === 0 && overloadOf(started).waiting === 0);
  const next = ask(started.port, "/next", { method: "POST" });
  await eventually(() => origin.held().includes("/next"));
  origin.release("/next");
  assert.equal((await next).status, 200);
});

test("what was never sent anywhere is not taken for given up", async () => {
  const windows: LoadWindow[] = [];
  const policy = { limit: 10, observe: (window: LoadWindow) => void windows.push(window) };
  await using gateway = new Gateway({ createConcurrencyPolicy: () => policy });
  const overload = { concurrency: "adaptive", queue: 10, queueTimeoutMs: 1_000, deadlineHeader } as const;
  await gateway.start(snapshotOf({ service: { overload } }));
  const { port } = gateway.addresses()[0]!;
  for (let i = 0; i < 30; i++) assert.equal((await ask(port, "/")).code, "GATEWAY_NO_UPSTREAM");
  const looks = windows.length;
  await eventually(() => windows.length > looks);
  assert.ok(windows.every(({ abandoned, failures }) => abandoned + failures === 0));
  assert.equal(gateway.figures().services["api"]!.overload!.inFlight, 0);
});

test("a higher bound, or none any more, lets in those who wait", async () => {
  await using origin = await startHeldOrigin();
  const upstreams = [upstream("api-1", origin.port)];
  const shared = { cache: false } as const;
  await using started = await startGateway({ upstreams, service: { ...bounded(1), ...shared } });
  const answers = ["/1", "/2", "/3", "/4"].map((path) => ask(started.port, path));
  await untilWaiting(started, 3);
  await started.gateway.apply(snapshotOf({ upstreams, service: { ...bounded(2), ...shared } }));
  await origin.untilHeld(2);
  assert.equal(overloadOf(started).inFlight, 2);
  await started.gateway.apply(snapshotOf({ upstreams, service: { overload: false, ...shared } }));
  await origin.untilHeld(4);
  for (let i = 0; i < 4; i++) origin.release();
  for (const answer of answers) assert.equal((await answer).status, 200);
});

test("a route keeps its line when others are put before it, and when its bound is raised", async () => {
  await using origin = await startHeldOrigin();
  const upstreams = [upstream("api-1", origin.port)];
  const report = (max: number) => route("/report", { concurrency: { max, queue: 10, queueTimeoutMs: 20_000 } });
  const service = (...routes: ServiceSnapshot["routes"]) => ({ ...bounded(10), cache: false as const, routes });
  await using started = await startGateway({ upstreams, service: service(report(1), {}) });
  const answers = ["/report/1", "/report/2"].map((path) => ask(started.port, path));
  await untilWaiting(started, 1);
  await started.gateway.apply(snapshotOf({ upstreams, service: service(route("/new"), report(1), {}) }));
  assert.equal(overloadOf(started).waiting, 1);
  await started.gateway.apply(snapshotOf({ upstreams, service: service(route("/new"), report(2), {}) }));
  await origin.untilHeld(2);
  for (let i = 0; i < 2; i++) origin.release();
  for (const answer of answers) assert.equal((await answer).status, 200);
  assert.equal(overloadOf(started).inFlight, 0);
});

test("what waits when its service leaves the snapshot is told so, and a longer line leaves it waiting", async () => {
  await using origin = await startHeldOrigin();
  const upstreams = [upstream("api-1", origin.port)];
  await using started = await startGateway({ upstreams, service: bounded(1) });
  const answers = ["/1", "/2"].map((path) => ask(started.port, path));
  await untilWaiting(started, 1);
  await started.gateway.apply(snapshotOf({ upstreams, service: bounded(1, { queue: 5 }) }));
  assert.equal(overloadOf(started).waiting, 1);
  await started.gateway.apply(snapshotOf({ services: { other: { routes: [route("/other")] } } }));
  assert.equal(await Promise.any(answers.map(async (each) => (await each).status)), 503);
  origin.release();
  const statuses = (await Promise.all(answers)).map(({ status }) => status);
  assert.deepEqual(new Set(statuses), new Set([200, 503]));
});

test("what the cache fetches waits in line too, and what it has does not", async () => {
  await using origin = await startHeldOrigin();
  await using started = await startGatewayBefore(origin.port, { service: bounded(1, { queue: 1 }) });
  const cacheable = { "Cache-Control": "max-age=60" };
  const first = ask(started.port, "/cached");
  await origin.untilHeld(1);
  origin.release("/cached", (res) => res.writeHead(200, cacheable).end("stored"));
  assert.equal((await first).status, 200);
  const running = ask(started.port, "/running", { method: "POST" });
  await origin.untilHeld(1);
  assert.equal((await ask(started.port, "/cached")).status, 200);
  const followers = [1, 2, 3].map(() => ask(started.port, "/missing"));
  await untilWaiting(started, 1);
  assert.equal((await ask(started.port, "/elsewhere")).code, "GATEWAY_OVERLOADED");
  origin.release();
  assert.equal((await running).status, 200);
  await eventually(() => origin.held().includes("/missing"));
  origin.release("/missing", (res) => res.writeHead(200, cacheable).end("for all"));
  for (const follower of followers) assert.equal(await (await follower).text(), "for all");
});

test("who has waited for the cache in vain has not waited in line", async () => {
  await using origin = await startHeldOrigin();
  const queueTimeoutMs = 1_500;
  await using started = await startGatewayBefore(origin.port, { service: bounded(1, { queueTimeoutMs }) });
  const began = performance.now();
  const answers = ["first", "second", "third"].map(() => ask(started.port, "/not-for-all"));
  await origin.untilHeld(1);
  await eventually(() => performance.now() > began + queueTimeoutMs + 100);
  origin.release("/not-for-all", (res) => res.writeHead(200, { "Cache-Control": "private" }).end());
  for (const waiting of [1, 0]) {
    await untilWaiting(started, waiting);
    await origin.untilHeld(1);
    origin.release();
  }
  assert.deepEqual(await Promise.all(answers.map(async (answer) => (await answer).status)), [200, 200, 200]);
});

test("an upgraded connection holds no place", async () => {
  await using origin = await startOrigin((_, res) => res.end("plain"));
  origin.server.on("upgrade", (_, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
    socket.pipe(socket).on("error", () => undefined);
  });
  await using started = await startGatewayBefore(origin.port, { service: bounded(1) });
  await using client = new RawClient(started.port);
  client.send("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n");
  await client.until((text) => text.includes("101 Switching"));
  assert.equal((await ask(started.port, "/")).status, 200);
  client.send("ping");
  await client.until((text) => text.endsWith("ping"));
});
