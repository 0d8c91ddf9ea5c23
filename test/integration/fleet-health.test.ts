import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commandService, FleetUnderTest, quickHealth } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const impatient = { health: { ...quickHealth, timeoutMs: 500 } };
const quick = { replacement: { baseMs: 50, maxMs: 200 } };

test("a hung instance is out of rotation, replaced, and killed when its drain is over", async (t) => {
  const under = new FleetUnderTest(
    t,
    [commandService("api", { scale: { min: 2, max: 4 }, drainMs: 600, ...impatient })],
    {
      tuning: quick,
    },
  );
  await under.fleet.start();
  const { pid } = under.instances("api")[0]! as { pid: number };
  process.kill(pid, "SIGSTOP");
  await under.until(() => under.types("api-1").includes("unhealthy"), "found out");
  await under.until(() => under.states("api").join() === "api-2 ready,api-3 ready", "replaced");
  assert.equal(under.ready("api").length, 2);
  assert.deepEqual(under.types("api-1"), [
    "started",
    "ready",
    "unhealthy",
    "replacing",
    "draining",
    "killed",
    "stopped",
  ]);
});

test("a hung instance is replaced also when it is the only one", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { drainMs: 600, ...impatient })], { tuning: quick });
  await under.fleet.start();
  process.kill(under.instances("api")[0]!.pid!, "SIGSTOP");
  await under.until(() => under.states("api").join() === "api-2 ready", "replaced");
});

test("when all say that they are not ready, nobody is restarted; when what they need is back, they are too", async (t) => {
  const file = join(temporaryDirectory(t), "health");
  const under = new FleetUnderTest(
    t,
    [commandService("api", { scale: { min: 2, max: 4 }, env: { HEALTH_FILE: file } })],
    { tuning: quick },
  );
  await under.fleet.start();
  const before = under.instances("api").map(({ pid }) => pid);
  writeFileSync(file, "503");
  await under.until(() => under.ready("api").length === 0, "both unhealthy");
  const { reason } = under.instances("api")[0]!;
  assert.equal(reason, "status 503");
  rmSync(file);
  await under.until(() => under.ready("api").length === 2 && under.instances("api").length === 2, "back");
  assert.deepEqual(
    under.instances("api").map(({ pid }) => pid),
    before,
  );
});

test("an instance that flaps leaves rotation and comes back", async (t) => {
  const file = join(temporaryDirectory(t), "health");
  const under = new FleetUnderTest(t, [commandService("api", { env: { HEALTH_FILE: file } })], { tuning: quick });
  await under.fleet.start();
  for (let round = 0; round < 2; round++) {
    writeFileSync(file, "500");
    await under.until(() => under.ready("api").length === 0, "out");
    assert.equal(under.upstreams("api")[0]!.healthy, false, "still known, but not healthy");
    rmSync(file);
    await under.until(() => under.ready("api").length === 1, "back");
  }
  assert.deepEqual(under.states("api"), ["api-1 ready"]);
  assert.deepEqual(under.types("api-1"), ["started", "ready", "unhealthy", "healthy", "unhealthy", "healthy"]);
});
