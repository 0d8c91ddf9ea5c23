import assert from "node:assert/strict";
import { chmodSync, rmSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Fleet, fleetDefaults, type LedgerEntry } from "../../src/fleet/index.ts";
import { isGroupAlive } from "../../src/fleet/process-group.ts";
import { identifyProcess, type TenfoldError } from "../../src/kernel/index.ts";
import { commandService, fixture, FleetUnderTest, quickHealth } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const quickCrashes = {
  crash: { crashes: 3, withinMs: 60_000, stableMs: 60_000, backoff: { baseMs: 20, maxMs: 50 } },
};

async function json(origin: string): Promise<{ instance: string; env: Record<string, string>; argv: string[] }> {
  return (await (await fetch(origin)).json()) as { instance: string; env: Record<string, string>; argv: string[] };
}

test("starts the minimum of every service, each instance with a port and a name of its own", async (t) => {
  const under = new FleetUnderTest(
    t,
    [
      commandService("api", { scale: { min: 3, max: 8 }, env: { OWN: "api's" } }),
      commandService("mailer", { scale: { min: 0, max: 2 } }),
    ],
    {
      environment: (service, instance) => ({
        ...(process.env as Record<string, string>),
        GIVEN: `${service} ${instance}`,
      }),
    },
  );
  await under.fleet.start();
  const upstreams = under.ready("api");
  assert.deepEqual(
    upstreams.map(({ id }) => id),
    ["api-1", "api-2", "api-3"],
  );
  assert.equal(new Set(upstreams.map(({ origin }) => origin)).size, 3);
  assert.deepEqual(under.upstreams("mailer"), []);
  const { instance, env } = await json(upstreams[1]!.origin);
  assert.equal(instance, "api-2");
  assert.equal(env["TENFOLD_SERVICE"], "api");
  assert.equal(env["TENFOLD_CONTROL"], join(under.directory, "c.sock"));
  assert.equal(env["HOST"], "127.0.0.1");
  assert.equal(env["OWN"], "api's");
  assert.equal(env["GIVEN"], "api api-2");
  const [first] = under.instances("api");
  assert.deepEqual(
    { state: first!.state, healthy: first!.healthy, restarts: first!.restarts },
    { state: "ready", healthy: true, restarts: 0 },
  );
  assert.equal(under.processes.length, 3);
});

test("a slow start is waited for", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { env: { SLOW_MS: "600" } })]);
  const starting = under.fleet.start();
  await under.until(() => under.states("api").includes("api-1 starting"), "starting");
  assert.deepEqual(under.upstreams("api"), []);
  await starting;
  assert.equal(under.ready("api").length, 1);
});

test("an instance that is not ready in time fails the start, says what its port said, and is ended", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { env: { SLOW_MS: "60000" }, startTimeoutMs: 400 })]);
  await assert.rejects(under.fleet.start(), (error: TenfoldError) => {
    assert.equal(error.code, "FLEET_START_TIMEOUT");
    assert.match(error.message, /api-1 was not ready after 0.4 s: .* connection refused/);
    return true;
  });
  under.assertClean();
});

test("a crash loop fails the start, with the last lines of the log", async (t) => {
  const marker = join(temporaryDirectory(t), "crash");
  writeFileSync(marker, "");
  const under = new FleetUnderTest(t, [commandService("api", { env: { CRASH_IF: marker } }), commandService("other")], {
    tuning: quickCrashes,
  });
  await assert.rejects(under.fleet.start(), (error: TenfoldError) => {
    assert.equal(error.code, "FLEET_CRASH_LOOP");
    assert.match(error.message, /api-1 crashed 3 times in a row \(exit code 3\)/);
    assert.match(error.message, /looking for the database\n.*cannot go on: the database is not there$/);
    assert.match(error.fix!, /tenfold reload api/);
    return true;
  });
  assert.deepEqual(
    under.types("api-1").filter((type) => type !== "started"),
    ["crashed", "crashed", "failed", "stopped"],
  );
  under.assertClean();
});

test("an instance that crashes is started again, the first time at once", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { scale: { min: 2, max: 2 } })]);
  await under.fleet.start();
  const { origin } = under.ready("api")[0]!;
  const { pid } = under.instances("api")[0]!;
  await fetch(`${origin}/crash`).then((answer) => answer.text());
  await under.until(() => under.instances("api")[0]!.restarts === 1 && under.ready("api").length === 2, "restart");
  const again = under.instances("api")[0]!;
  assert.equal(again.id, "api-1");
  assert.notEqual(again.pid, pid);
  assert.equal(again.lastExit!.how, "exit code 7");
  assert.deepEqual(under.types("api-1"), ["started", "ready", "crashed", "started", "ready"]);
});

test("kill -9 is seen, and the instance is out of rotation at once", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api")]);
  await under.fleet.start();
  const counts: number[] = [];
  under.fleet.onEvent(({ type }) => type === "crashed" && counts.push(under.upstreams("api").length));
  process.kill(under.instances("api")[0]!.pid!, "SIGKILL");
  await under.until(() => under.instances("api")[0]!.restarts === 1 && under.ready("api").length === 1, "restart");
  assert.deepEqual(counts, [0]);
  assert.equal(under.instances("api")[0]!.lastExit!.how, "killed by SIGKILL");
});

test("an instance that was ready and then loops is given up, and stays so until a reload", async (t) => {
  const marker = join(temporaryDirectory(t), "crash");
  const under = new FleetUnderTest(t, [commandService("api", { env: { CRASH_IF: marker } })], { tuning: quickCrashes });
  await under.fleet.start();
  writeFileSync(marker, "");
  process.kill(under.instances("api")[0]!.pid!, "SIGKILL");
  await under.until(() => under.states("api").includes("api-1 failed"), "failed");
  const [failed] = under.instances("api");
  assert.match(failed!.reason!, /crashed 3 times/);
  assert.equal(failed!.pid, undefined);
  rmSync(marker);
  await under.fleet.reload("api");
  assert.deepEqual(under.states("api"), ["api-2 ready"]);
});

function refusals(
  t: TestContext,
): [what: string, command: string[], cwd: string | undefined, code: string, message: RegExp][] {
  const directory = temporaryDirectory(t);
  const plain = join(directory, "plain.txt");
  writeFileSync(plain, "no program");
  chmodSync(plain, 0o644);
  return [
    [
      "not found",
      ["no-such-program-here", "x"],
      undefined,
      "FLEET_PROGRAM_NOT_FOUND",
      /`no-such-program-here` of service api/,
    ],
    ["not executable", [plain], undefined, "FLEET_PROGRAM_NOT_EXECUTABLE", /plain\.txt/],
    ["no folder", ["node", "a.js"], join(directory, "nowhere"), "FLEET_DIRECTORY_MISSING", /nowhere of service api/],
  ];
}

test("what cannot be started is refused at once, clearly", async (t) => {
  for (const [what, command, cwd, code, message] of refusals(t)) {
    const under = new FleetUnderTest(t, [commandService("api", { command, ...(cwd === undefined ? {} : { cwd }) })]);
    await assert.rejects(under.fleet.start(), (error: TenfoldError) => {
      assert.equal(error.code, code, what);
      assert.match(error.message, message);
      assert.ok(error.fix, what);
      return true;
    });
    assert.equal(under.processes.length, 0);
  }
});

test("stopping in the middle of a start ends everything and rejects the start", async (t) => {
  const under = new FleetUnderTest(t, [
    commandService("api", { scale: { min: 2, max: 2 }, env: { SLOW_MS: "60000" } }),
  ]);
  const starting = under.fleet.start();
  const refused = assert.rejects(starting, { code: "FLEET_STOPPING" });
  await under.until(() => under.processes.length === 2, "both started");
  await under.fleet.stop();
  await refused;
  under.assertClean();
  await under.fleet.stop();
});

test("a start that is given up by its caller ends everything", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { env: { SLOW_MS: "60000" } })]);
  const caller = new AbortController();
  const starting = under.fleet.start(caller.signal);
  const refused = assert.rejects(starting, /enough/);
  await under.until(() => under.processes.length === 1, "started");
  caller.abort(new Error("enough"));
  await refused;
  under.assertClean();
});

test("a fleet can be stopped before it starts, and started again after it was stopped", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api")]);
  await under.fleet.stop();
  await under.fleet.start();
  await under.fleet.stop();
  under.assertClean();
  await under.fleet.start();
  assert.equal(under.ready("api").length, 1);
});

test("a wrapper ends with all it has started, also when it does not pass signals on", async (t) => {
  const command = ["sh", "-c", `node ${fixture("steady.ts")} & node ${fixture("stubborn.ts")} & wait`];
  const under = new FleetUnderTest(t, [
    commandService("api", { command, env: { PATH: pathWithNode() }, drainMs: 1_000, health: false }),
  ]);
  await under.fleet.start();
  const { pid } = under.instances("api")[0]! as { pid: number };
  assert.ok(isGroupAlive(pid));
  await under.fleet.stop();
  assert.equal(isGroupAlive(pid), false, "nobody of the group is left");
  under.assertClean();
});

test("when a wrapper dies, what it has started does not live on beside the next", async (t) => {
  const command = ["sh", "-c", `node ${fixture("steady.ts")} & wait`];
  const under = new FleetUnderTest(t, [commandService("api", { command, env: { PATH: pathWithNode() } })]);
  await under.fleet.start();
  const { pid } = under.instances("api")[0]! as { pid: number };
  process.kill(pid, "SIGKILL");
  await under.until(() => under.instances("api")[0]!.restarts === 1 && under.ready("api").length === 1, "restart");
  assert.equal(isGroupAlive(pid), false);
  assert.notEqual(under.instances("api")[0]!.pid, pid);
});

test("an instance that does not end is killed when its drain is over", async (t) => {
  const under = new FleetUnderTest(t, [
    commandService("api", { command: ["node", fixture("stubborn.ts")], drainMs: 500, health: false }),
  ]);
  await under.fleet.start();
  await under.fleet.stop();
  assert.deepEqual(under.types("api-1"), ["started", "ready", "draining", "killed", "stopped"]);
});

for (const [program, file] of [
  ["python3", "service.py"],
  ["perl", "service.pl"],
] as const) {
  const isMissing = spawnSync(program, ["-e", "1"]).error !== undefined;
  test(
    `a service in ${program} works, with the preload on`,
    { skip: isMissing && `${program} is not installed` },
    async (t) => {
      const service = commandService("other", {
        command: [program, fixture(file)],
        preload: true,
        health: { ...quickHealth, path: "/" },
      });
      const under = new FleetUnderTest(t, [service]);
      await under.fleet.start();
      const answer = await fetch(under.ready("other")[0]!.origin);
      assert.match(await answer.text(), /as other-1$/);
    },
  );
}

test("one of the languages that are not Node was there to be tested", () => {
  assert.ok(["python3", "perl"].some((program) => spawnSync(program, ["-e", "1"]).error === undefined));
});

test("the ledger learns of a process in the turn in which it starts", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { drainMs: 1_234 })]);
  await under.fleet.start();
  const [entry] = under.processes;
  assert.deepEqual(entry!.stop, { signal: "SIGTERM", graceMs: 1_234, group: true });
  assert.deepEqual(entry!.identity, identifyProcess(under.instances("api")[0]!.pid!));
});

test("a crash loop is by default five crashes in a minute", () => {
  assert.deepEqual([fleetDefaults.crash.crashes, fleetDefaults.crash.withinMs], [5, 60_000]);
});

/** The Node that runs the tests, for shells. */
function pathWithNode(): string {
  return `${join(process.execPath, "..")}:${process.env["PATH"]}`;
}

test("a process that cannot be remembered is not left running", async (t) => {
  const pids: number[] = [];
  const ledger = {
    add: ({ identity }: LedgerEntry) => {
      pids.push(identity.pid);
      throw new Error("no space left on the device");
    },
    remove: () => {},
  };
  const directory = temporaryDirectory(t);
  const options = {
    services: [commandService("api")],
    logDirectory: directory,
    controlSocket: join(directory, "c.sock"),
  };
  const fleet = new Fleet(options, { environment: () => process.env as Record<string, string>, ledger });
  await assert.rejects(fleet.start(), /no space left/);
  assert.equal(pids.length, 1);
  assert.equal(isGroupAlive(pids[0]!), false);
});
