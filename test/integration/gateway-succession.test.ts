import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { connect } from "node:net";
import { once } from "node:events";
import { test } from "node:test";
import { type GatewayProcess, OrphanedGateway, type Snapshot } from "../../src/gateway/index.ts";
import { eventually, type Origin, RawClient, snapshotOf, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { createGatewayProcess, gatewayProgram, isAlive, type TestedGateway } from "../support/gateway-process.ts";
import { type Load, startLoad } from "../support/load.ts";

/** How a gateway's place is taken: by a process that has its listening sockets, or, when it was killed, by one with its own. */

const answer = {
  method: "GET",
  path: "/",
  check: (status: number, body: string) => (status === 200 && body === "ok" ? undefined : `${status} ${body}`),
} as const;

function startApi(): Promise<Origin> {
  return startOrigin((_, res) => res.end("ok"));
}

/** The same upstream at the same public port. */
function at(port: number, origin: Origin): Snapshot {
  return snapshotOf({ upstreams: [upstream("api-1", origin.port)], listeners: [{ host: "127.0.0.1", port }] });
}

async function more(load: Load, answers: number): Promise<void> {
  const wanted = load.answered() + answers;
  await eventually(
    () => load.answered() >= wanted,
    () => `${load.answered()} of ${wanted} answers`,
    60_000,
  );
}

async function get(port: number): Promise<string> {
  return (await fetch(`http://127.0.0.1:${port}/`, { headers: { connection: "close" } })).text();
}

/** What `GatewayProcess` asks for, for a successor that nobody attends to. */
const orderOf = (controlPath: string) => ({
  program: process.execPath,
  args: [gatewayProgram, JSON.stringify({ controlPath, orphanGraceMs: 10_000, drainMs: 500 })],
  cwd: process.cwd(),
  env: process.env,
});

test("a gateway is replaced twenty times under load: nobody notices, on a new connection or on a kept one", async (t) => {
  await using origin = await startApi();
  let gateway: GatewayProcess = createGatewayProcess(t, { reusePort: true });
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const url = `http://127.0.0.1:${port}`;
  const loads = [
    startLoad(url, () => answer, { callers: 8, isReconnecting: true }),
    startLoad(url, () => answer, { callers: 8 }),
  ];
  for (let turn = 1; turn <= 20; turn++) {
    await Promise.all(loads.map((load) => more(load, 20)));
    const successor = createGatewayProcess(t, { reusePort: true });
    await successor.succeed(gateway, at(port, origin));
    successor.settle();
    await gateway.stop();
    gateway = successor;
  }
  await Promise.all(loads.map((load) => more(load, 50)));
  for (const { sent, failures } of await Promise.all(loads.map((load) => load.stop()))) {
    assert.deepEqual(failures.slice(0, 10), [], `${failures.length} of ${sent} failed`);
  }
});

test("a successor that is killed before it serves changes nothing, and the next one takes over", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const pid = await gateway.launchSuccessor(orderOf(`${gateway.controlPath}.2`));
  process.kill(pid, "SIGKILL");
  await eventually(() => !isAlive(pid));
  assert.equal(await get(port), "ok");
  const successor = createGatewayProcess(t);
  await successor.succeed(gateway, at(port, origin));
  await gateway.stop();
  assert.equal(await get(port), "ok");
});

test("a successor that does not serve what it should is ended, and says why", async (t) => {
  await using origin = await startApi();
  await using taken = await startApi();
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const successor = createGatewayProcess(t);
  const listeners = [port, taken.port].map((each) => ({ host: "127.0.0.1", port: each }));
  const snapshot = snapshotOf({ upstreams: [upstream("api-1", origin.port)], listeners });
  await assert.rejects(successor.succeed(gateway, snapshot), { code: "GATEWAY_PORT_IN_USE" });
  assert.equal(isAlive(successor.pid!), false);
  assert.equal(await get(port), "ok");
});

test("a successor that nobody attends to ends with the gateway that has started it", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const pid = await gateway.launchSuccessor(orderOf(`${gateway.controlPath}.2`));
  process.kill(gateway.pid!, "SIGKILL");
  await eventually(() => !isAlive(pid));
});

test("two platforms that ask at once get a successor each, and either can serve alone", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const successors = [createGatewayProcess(t), createGatewayProcess(t)];
  await Promise.all(
    successors.map(async (successor) => {
      const orphan = await OrphanedGateway.find(gateway.controlPath);
      await successor.succeed(orphan!, at(port, origin));
      orphan!.release();
    }),
  );
  await gateway.stop();
  await successors[0]!.stop();
  assert.equal(await get(port), "ok");
  assert.deepEqual(await successors[0]!.whenDrained("api-1", 1_000), true);
});

test("a socket that is handed on keeps who waits in it, until a snapshot has its listener", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const successor = createGatewayProcess(t);
  await successor.succeed(gateway, snapshotOf({ upstreams: [upstream("api-1", origin.port)], listeners: [] }));
  await gateway.stop();
  await using client = new RawClient(port);
  client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
  await once(client.socket, "connect");
  await successor.apply(at(port, origin));
  assert.match(await client.until((text) => text.endsWith("ok")), /^HTTP\/1.1 200/);
});

test("what a successor has inherited and does not use, it closes when all is settled; what it has not, it opens", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t);
  const upstreams = [upstream("api-1", origin.port)];
  const listeners = [0, 0].map((port) => ({ host: "127.0.0.1", port }));
  await gateway.start(snapshotOf({ upstreams, listeners }));
  const [kept, dropped] = gateway.addresses.map(({ port }) => port) as [number, number];
  const successor = createGatewayProcess(t);
  await successor.succeed(
    gateway,
    snapshotOf({
      upstreams,
      listeners: [
        { host: "127.0.0.1", port: kept },
        { host: "127.0.0.1", port: 0, service: "api" },
      ],
    }),
  );
  await gateway.stop();
  successor.settle();
  const isOpen = (port: number): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(port, "127.0.0.1");
      socket.on("error", () => resolve(false)).on("connect", () => resolve(true));
      socket.on("connect", () => socket.destroy());
    });
  assert.equal((await successor.figures()).connections, 0, "it has settled by then");
  assert.deepEqual([await isOpen(kept), await isOpen(dropped)], [true, false]);
  const [, internal] = successor.addresses;
  assert.equal(internal!.service, "api");
  assert.equal(await get(internal!.port), "ok");
});

test(
  "successors hold the listening sockets, and nothing else of those before them",
  { skip: process.platform !== "linux" },
  async (t) => {
    await using origin = await startApi();
    const descriptors = ({ pid }: GatewayProcess): number => readdirSync(`/proc/${pid}/fd`).length;
    let gateway: TestedGateway = createGatewayProcess(t);
    await gateway.start(at(0, origin));
    const { port } = gateway.addresses[0]!;
    const counts: number[] = [];
    for (let turn = 1; turn <= 4; turn++) {
      // Open in the old one while the new one starts.
      await using client = new RawClient(port);
      client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
      await client.until((text) => text.endsWith("ok"));
      const successor = createGatewayProcess(t);
      await successor.succeed(gateway, at(port, origin));
      counts.push(descriptors(successor));
      await gateway.stop(0);
      gateway = successor;
    }
    assert.deepEqual(new Set(counts).size, 1, counts.join(" "));
  },
);

test("who drains has nothing to hand on, and says so", async (t) => {
  let finish: (() => void) | undefined;
  await using origin = await startOrigin((_, res) => (finish = () => res.end("ok")));
  const gateway = createGatewayProcess(t);
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const orphan = await OrphanedGateway.find(gateway.controlPath);
  const slow = get(port);
  await eventually(() => finish !== undefined);
  const stopped = gateway.stop();
  await assert.rejects(createGatewayProcess(t).succeed(orphan!, at(port, origin)), { code: "GATEWAY_ENDING" });
  finish!();
  assert.equal(await slow, "ok");
  await stopped;
});

test("of two gateways on a port, one is killed: the other serves, and only who was connected to the dead one notices", async (t) => {
  await using origin = await startApi();
  const gateway = createGatewayProcess(t, { reusePort: true });
  await gateway.start(at(0, origin));
  const { port } = gateway.addresses[0]!;
  const other = createGatewayProcess(t, { reusePort: true });
  await other.start(at(port, origin));
  let killedAt = Infinity;
  const load = startLoad(
    `http://127.0.0.1:${port}`,
    () => {
      const startedAt = performance.now();
      return { ...answer, mayFail: () => startedAt < killedAt };
    },
    { isReconnecting: true },
  );
  await more(load, 200);
  process.kill(other.pid!, "SIGKILL");
  await once(other, "exit");
  killedAt = performance.now();
  await more(load, 300);
  const { failures } = await load.stop();
  assert.deepEqual(failures, []);
});
