import assert from "node:assert/strict";
import { Agent, get } from "node:http";
import { test } from "node:test";
import { OrphanedGateway } from "../../src/gateway/index.ts";
import { withDeadline } from "../../src/kernel/index.ts";
import type { Gateways } from "../../src/platform/gateways.ts";
import { eventually } from "../support/gateway-fixtures.ts";
import { createGroup } from "../support/gateway-group.ts";
import { isAlive } from "../support/gateway-process.ts";
import { startLoad } from "../support/load.ts";

const states = (gateways: Gateways): string[] => gateways.status().map(({ id, state }) => `${id} ${state}`);

test("all are replaced under load, one after the other, and nobody notices", async (t) => {
  const { gateways, ledger, port, snapshot, pids } = await createGroup(t, { count: 2 });
  await gateways.start(snapshot());
  const before = pids();
  const load = startLoad(
    `http://127.0.0.1:${port}`,
    () => ({ method: "GET", path: "/", check: (status) => (status === 200 ? undefined : String(status)) }),
    { isReconnecting: true },
  );
  await eventually(() => load.answered() > 100);
  await gateways.replace();
  assert.deepEqual(
    states(gateways).filter((state) => state.endsWith("ready")),
    ["gateway-1 ready", "gateway-2 ready"],
  );
  await eventually(() => before.every((pid) => !isAlive(pid!)));
  const enough = load.answered() + 100;
  await eventually(() => load.answered() > enough);
  assert.deepEqual((await load.stop()).failures, []);
  await eventually(() => pids().length === 2);
  const living = ledger.living().map(({ identity }) => identity.pid);
  assert.deepEqual(new Set(living), new Set(pids()), "the ledger names those that live");
});

test("a snapshot that comes while a gateway is replaced reaches the new one", async (t) => {
  const { gateways, snapshot } = await createGroup(t, { count: 1 });
  await gateways.start(snapshot());
  const replaced = gateways.replace();
  const last = snapshot();
  assert.equal(await gateways.apply(last), undefined);
  await replaced;
  assert.equal((await gateways.figures()).get("gateway-1")!.snapshotVersion, last.version);
});

test("of two, the one that is killed is started again, while the other serves", async (t) => {
  const { gateways, events, port, snapshot, pids } = await createGroup(t, { count: 2 });
  await gateways.start(snapshot());
  const [first, second] = pids();
  process.kill(first!, "SIGKILL");
  await eventually(() => events.includes("restarted"));
  assert.deepEqual(events, ["crashed", "restarted"]);
  assert.deepEqual(states(gateways), ["gateway-1 ready", "gateway-2 ready"]);
  assert.equal(pids()[1], second);
  assert.deepEqual(
    gateways.status().map(({ restarts }) => restarts),
    [1, 0],
  );
  assert.equal((await fetch(`http://127.0.0.1:${port}`)).status, 200);
});

test("of two, the one that has something to do has more of what a service may be asked at once", async (t) => {
  const { gateways, events, port, snapshot } = await createGroup(t, { count: 2 });
  const plain = snapshot();
  const overload = {
    concurrency: "adaptive",
    queue: 100,
    queueTimeoutMs: 1_000,
    deadlineHeader: "x-deadline",
  } as const;
  const services = { api: { ...plain.services["api"]!, overload } };
  await gateways.start({ ...plain, settings: { ...plain.settings, processes: 2 }, services });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  t.after(() => agent.destroy());
  const limits = async (): Promise<number[]> =>
    [...(await gateways.figures()).values()].map(({ services }) => services["api"]!.overload!.limit!);
  assert.deepEqual(await limits(), [32, 32]);
  const load = (async () => {
    for (let isAlike = true; isAlike;) {
      await new Promise((resolve, reject) => {
        get({ port, agent }, (answer) => answer.resume().on("end", resolve)).on("error", reject);
      });
      const [one, other] = await limits();
      isAlike = one === other;
    }
  })();
  await withDeadline(load, 10_000, () => new Error("The limits stay alike"));
  assert.deepEqual(events, []);
  assert.ok((await limits()).every((limit) => limit >= 30));
});

test("a gateway that hangs is replaced by one with sockets of its own, and ended", async (t) => {
  const { gateways, events, port, snapshot, pids } = await createGroup(t, { count: 1 });
  await gateways.start(snapshot());
  const [hung] = pids();
  process.kill(hung!, "SIGSTOP");
  assert.equal(await gateways.apply(snapshot()), undefined, "the new one serves it");
  assert.deepEqual(events, ["behind"]);
  await eventually(() => !isAlive(hung!));
  assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), "ok");
});

test("a gateway that hangs while nothing changes is found, ended and started again", async (t) => {
  const { gateways, events, port, snapshot, pids } = await createGroup(t, { count: 2 });
  await gateways.start(snapshot());
  const [hung, other] = pids();
  process.kill(hung!, "SIGSTOP");
  await eventually(
    () => events.includes("restarted"),
    () => events.join(),
    30_000,
  );
  assert.deepEqual(events, ["hung", "crashed", "restarted"]);
  assert.ok(!isAlive(hung!));
  assert.equal(pids()[1], other);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), "ok");
});

test("where the gateway of an earlier platform cannot hand its sockets on, others are opened, and that is said", async (t) => {
  const earlier = await createGroup(t, { count: 1 });
  await earlier.gateways.start(earlier.snapshot());
  const [entry] = earlier.ledger.living();
  const orphan = await OrphanedGateway.find(entry!.gateway!.controlPath);
  process.kill(entry!.identity.pid, "SIGSTOP");
  assert.equal(await OrphanedGateway.find(entry!.gateway!.controlPath, 100), undefined, "it does not answer");
  const { gateways, events, port, snapshot } = await createGroup(t, { count: 1 });
  await gateways.start(snapshot(), () => [orphan!]);
  assert.deepEqual(events, ["anew"]);
  assert.equal(await (await fetch(`http://127.0.0.1:${port}`)).text(), "ok");
});

test("who ends while gateways start leaves none", async (t) => {
  const { gateways, ledger, snapshot } = await createGroup(t, { count: 2 });
  const started = gateways.start(snapshot());
  await eventually(() => ledger.living().length > 0);
  await Promise.allSettled([gateways.stop(), started]);
  await gateways.stop();
  assert.deepEqual(ledger.living(), []);
});

test("where processes cannot share a port one serves, and that is said", async (t) => {
  const { gateways, events, snapshot } = await createGroup(t, { count: 3, canSharePorts: async () => false });
  await gateways.start(snapshot());
  assert.deepEqual(states(gateways), ["gateway-1 ready"]);
  assert.deepEqual(events, ["alone"]);
});
