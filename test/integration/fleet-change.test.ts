import assert from "node:assert/strict";
import { existsSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import type { UrlService } from "../../src/config/index.ts";
import { commandService, fixture, FleetUnderTest } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const crashLoop = { crash: { crashes: 2, withinMs: 60_000, stableMs: 60_000, backoff: { baseMs: 10, maxMs: 20 } } };

/** The fewest instances that were ready at any change. */
function watchFewest(under: FleetUnderTest, service: string): () => number {
  let fewest = Infinity;
  under.fleet.onChange(() => (fewest = Math.min(fewest, under.ready(service).length)));
  return () => fewest;
}

test("a rolling reload replaces every instance and never has fewer ready", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { scale: { min: 3, max: 8 } })]);
  await under.fleet.start();
  const fewest = watchFewest(under, "api");
  const before = new Set(under.instances("api").map(({ pid }) => pid));
  await under.fleet.reload();
  assert.equal(fewest(), 3);
  assert.equal(under.ready("api").length, 3);
  assert.ok(under.instances("api").every(({ pid }) => !before.has(pid)));
  assert.deepEqual(under.states("api"), ["api-4 ready", "api-5 ready", "api-6 ready"], "new names");
  await under.fleet.reload();
  assert.deepEqual(under.states("api"), ["api-1 ready", "api-2 ready", "api-3 ready"], "and the first ones again");
});

test("a reload that cannot start stops there: the old instances stay, the error says why", async (t) => {
  const marker = join(temporaryDirectory(t), "crash");
  const under = new FleetUnderTest(
    t,
    [commandService("api", { scale: { min: 2, max: 4 }, env: { CRASH_IF: marker } })],
    { tuning: crashLoop },
  );
  await under.fleet.start();
  const before = under.instances("api").map(({ pid }) => pid);
  const fewest = watchFewest(under, "api");
  writeFileSync(marker, "");
  await assert.rejects(under.fleet.reload("api"), /the database is not there/);
  assert.equal(fewest(), 2);
  assert.deepEqual(
    under.instances("api").map(({ pid }) => pid),
    before,
  );
  rmSync(marker);
  await under.fleet.reload("api");
  assert.equal(under.ready("api").length, 2);
});

test("scales up and down; the newest go", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { scale: { min: 0, max: 4 } })]);
  await under.fleet.start();
  await under.fleet.scale("api", 4);
  assert.equal(under.ready("api").length, 4);
  await under.fleet.scale("api", 2);
  assert.deepEqual(under.states("api"), ["api-1 ready", "api-2 ready"]);
  await under.fleet.scale("api", 0);
  assert.deepEqual(under.states("api"), []);
  assert.equal(under.fleet.status()[0]!.desired, 0);
});

test("refuses what is out of bounds or unknown, with the fix", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { scale: { min: 1, max: 2 } })]);
  await assert.rejects(under.fleet.scale("api", 1), { code: "FLEET_NOT_RUNNING" });
  await under.fleet.start();
  for (const count of [0, 3, 1.5, Number.NaN]) {
    await assert.rejects(under.fleet.scale("api", count), {
      code: "FLEET_SCALE_OUT_OF_RANGE",
      fix: /services\.api\.scale/,
    });
  }
  await assert.rejects(under.fleet.scale("apo", 1), { code: "FLEET_UNKNOWN_SERVICE", fix: /did you mean "api"/ });
  await assert.rejects(under.fleet.reload("apo"), { code: "FLEET_UNKNOWN_SERVICE" });
  assert.deepEqual(under.states("api"), ["api-1 ready"]);
});

test("a scaling that fails adds nothing", async (t) => {
  const marker = join(temporaryDirectory(t), "crash");
  const under = new FleetUnderTest(t, [commandService("api", { env: { CRASH_IF: marker } })], { tuning: crashLoop });
  await under.fleet.start();
  writeFileSync(marker, "");
  await assert.rejects(under.fleet.scale("api", 3), { code: "FLEET_CRASH_LOOP" });
  assert.deepEqual(under.states("api"), ["api-1 ready"]);
  assert.equal(under.fleet.status()[0]!.desired, 1);
});

test("what is asked for at the same time is done one after the other", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { scale: { min: 1, max: 4 } })]);
  await under.fleet.start();
  const fewest = watchFewest(under, "api");
  await Promise.all([
    under.fleet.scale("api", 2),
    under.fleet.reload("api"),
    under.fleet.reload("api"),
    under.fleet.scale("api", 3),
  ]);
  assert.equal(fewest(), 1);
  assert.equal(under.ready("api").length, 3);
  assert.equal(under.instances("api").length, 3);
});

test("stopping during a reload ends everything and rejects the reload", async (t) => {
  const marker = join(temporaryDirectory(t), "slow");
  const slow = ["sh", "-c", `[ -e ${marker} ] && sleep 60; exec ${process.execPath} ${fixture("steady.ts")}`];
  const under = new FleetUnderTest(t, [commandService("api", { command: slow })]);
  await under.fleet.start();
  writeFileSync(marker, "");
  const refused = assert.rejects(under.fleet.reload("api"), { code: "FLEET_STOPPING" });
  await under.until(() => under.states("api").includes("api-2 starting"), "the new one starts");
  await under.fleet.stop();
  await refused;
  under.assertClean();
});

test("an instance leaves rotation, finishes what is in flight, and is then told to end", async (t) => {
  const done = join(temporaryDirectory(t), "done");
  const left = Promise.withResolvers<void>();
  const states: string[] = [];
  const under: FleetUnderTest = new FleetUnderTest(t, [commandService("api", { env: { WAIT_FILE: done } })], {
    rotation: {
      leave: async (instance, deadlineMs) => {
        states.push(`${instance} ${under.upstreams("api")[0]?.state} ${deadlineMs}`);
        await left.promise;
        states.push(`left, ${under.types("api-1").includes("stopped")}`);
      },
    },
  });
  await under.fleet.start();
  const answer = fetch(`${under.ready("api")[0]!.origin}/wait`);
  const stopping = under.fleet.stop();
  await under.until(() => states.length === 1, "leaving");
  writeFileSync(done, "");
  assert.equal(await (await answer).text(), "done");
  left.resolve();
  await stopping;
  assert.deepEqual(states, ["api-1 draining 8000", "left, false"]);
  const lines = under.fleet.logs({}, 10).map(({ text }) => text);
  assert.deepEqual(lines, ["api-1 listens", "ends in order"]);
});

test("a gateway that never lets go keeps nothing alive", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { drainMs: 400 })], {
    rotation: { leave: () => new Promise<void>(() => {}) },
  });
  await under.fleet.start();
  await under.fleet.stop();
  under.assertClean();
});

test("a new config starts what was added, ends what is gone, rolls what changed, and leaves the rest alone", async (t) => {
  const same = commandService("same");
  const changed = commandService("changed", { scale: { min: 2, max: 4 } });
  const tuned = commandService("tuned");
  const under = new FleetUnderTest(t, [same, changed, tuned, commandService("gone")]);
  await under.fleet.start();
  const pids = (service: string) => under.instances(service).map(({ pid }) => pid);
  const before = { same: pids("same"), tuned: pids("tuned"), changed: pids("changed") };
  const fewest = watchFewest(under, "changed");
  await under.fleet.reconcile([
    { ...same },
    { ...changed, env: { NEW: "yes" } },
    { ...tuned, drainMs: 2_000, scale: { min: 2, max: 2 } },
    commandService("added"),
  ]);
  assert.deepEqual(
    under.fleet
      .status()
      .map(({ name }) => name)
      .toSorted(),
    ["added", "changed", "same", "tuned"],
  );
  assert.equal(fewest(), 2);
  assert.deepEqual(pids("same"), before.same);
  assert.equal(pids("tuned")[0], before.tuned[0], "what needs no new process keeps it");
  assert.equal(under.ready("tuned").length, 2);
  assert.ok(pids("changed").every((pid) => !before.changed.includes(pid)));
  const answer = (await (await fetch(under.ready("changed")[0]!.origin)).json()) as { env: Record<string, string> };
  assert.equal(answer.env["NEW"], "yes");
  assert.equal(under.ready("added").length, 1);
});

test("a new config that cannot start leaves the old instances", async (t) => {
  const service = commandService("api");
  const under = new FleetUnderTest(t, [service], { tuning: crashLoop });
  await under.fleet.start();
  await assert.rejects(under.fleet.reconcile([{ ...service, command: ["node", "-e", "process.exit(1)"] }]), {
    code: "FLEET_CRASH_LOOP",
  });
  assert.deepEqual(under.states("api"), ["api-1 ready"]);
  process.kill(under.instances("api")[0]!.pid!, "SIGKILL");
  await under.until(
    () => under.instances("api")[0]!.restarts === 1 && under.ready("api").length === 1,
    "the old command runs again",
  );
});

test("a new config that fails half-way is taken back", async (t) => {
  const marker = join(temporaryDirectory(t), "crash");
  const service = commandService("api", { scale: { min: 2, max: 4 } });
  const under = new FleetUnderTest(t, [service], { tuning: crashLoop });
  await under.fleet.start();
  const fewest = watchFewest(under, "api");
  under.fleet.onEvent(({ instance, type }) => {
    if (instance === "api-3" && type === "ready") writeFileSync(marker, "");
  });
  await assert.rejects(under.fleet.reconcile([{ ...service, env: { CRASH_IF: marker } }]), {
    code: "FLEET_CRASH_LOOP",
  });
  assert.equal(fewest(), 2);
  assert.equal(under.ready("api").length, 2);
  for (const { origin } of under.ready("api")) {
    const { env } = (await (await fetch(origin)).json()) as { env: Record<string, string> };
    assert.equal(env["CRASH_IF"], undefined);
  }
});

test("a service of urls is watched, never started", async (t) => {
  let status = 503;
  const server = createServer((_, response) => response.writeHead(status).end()).listen(0, "127.0.0.1");
  t.after(() => server.close());
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  const {
    kind: _k,
    command: _c,
    cwd: _w,
    env: _e,
    scale: _s,
    drainMs: _d,
    startTimeoutMs: _t,
    preload: _p,
    ...routed
  } = commandService("legacy");
  const legacy: UrlService = { ...routed, kind: "urls", urls: [{ url, weight: 3 }] };
  const trusted: UrlService = { ...legacy, name: "trusted", health: false };
  const under = new FleetUnderTest(t, [legacy, trusted]);
  await under.fleet.start();
  assert.equal(under.upstreams("legacy")[0]!.healthy, false);
  assert.deepEqual(
    under.upstreams("trusted").map(({ id, origin, weight, healthy }) => ({ id, origin, weight, healthy })),
    [{ id: "trusted-1", origin: url, weight: 3, healthy: true }],
  );
  status = 200;
  await under.until(() => under.upstreams("legacy")[0]!.healthy, "healthy");
  await assert.rejects(under.fleet.scale("legacy", 2), { code: "FLEET_NOT_STARTED_HERE" });
  await under.fleet.reload();
  assert.equal(under.processes.length, 0);
});

test("no file of a fleet that has stopped is in the way of the next", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api")]);
  await under.fleet.start();
  assert.ok(existsSync(join(under.directory, "c.sock")));
  await under.fleet.stop();
  assert.equal(existsSync(join(under.directory, "c.sock")), false);
});
