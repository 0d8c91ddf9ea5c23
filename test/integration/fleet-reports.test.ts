import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { writeFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { commandService, fixture, FleetUnderTest } from "../support/fleet.ts";
import { temporaryDirectory } from "../support/temporary.ts";

const figures = {
  eventLoopUtilization: 0.5,
  eventLoopDelayP99Ms: 12,
  cpu: 0.25,
  rssBytes: 1e8,
  heapUsedBytes: 1e7,
  heapTotalBytes: 2e7,
  gcMs: 3,
};
const hello = { type: "hello", instance: "api-1", pid: "$pid" };
const listening = { type: "listening", port: "$port", socketPath: "$own" };

function reporter(...say: unknown[]) {
  const command = ["node", fixture("reporter.ts")];
  return commandService("api", { command, env: { SAY: JSON.stringify(say) }, health: false });
}

test("the private way in and the figures reach the platform", async (t) => {
  const under = new FleetUnderTest(t, [reporter(hello, listening, { type: "figures", figures })]);
  await under.fleet.start();
  const socketPath = await under.until(() => under.upstreams("api")[0]?.socketPath, "socket");
  const answer = request({ socketPath, path: "/" }).end();
  const [response] = (await once(answer, "response")) as [IncomingMessage];
  assert.equal((await response.toArray()).join(""), "by the private way");
  await under.until(() => under.instances("api")[0]!.figures, "figures");
  assert.deepEqual(under.instances("api")[0]!.figures, figures);
});

test("a server that no longer listens is reached by the port again", async (t) => {
  const under = new FleetUnderTest(t, [reporter(hello, listening, { type: "figures", figures }, { type: "closed" })]);
  await under.fleet.start();
  await under.until(() => under.instances("api")[0]!.figures, "figures");
  await under.until(() => under.upstreams("api")[0]?.socketPath === undefined, "no socket");
});

test("a process that is gone without a word is reached by the port", async (t) => {
  const under = new FleetUnderTest(t, [reporter(hello, listening, "hang up", hello, { type: "figures", figures })]);
  await under.fleet.start();
  await under.until(() => under.instances("api")[0]!.figures, "figures");
  await under.until(() => under.upstreams("api")[0]?.socketPath === undefined, "no socket");
});

test("one that loses its line and finds it again keeps its private way in", async (t) => {
  const again = [hello, listening, { type: "figures", figures }];
  const under = new FleetUnderTest(t, [reporter(hello, listening, "hang up", ...again)]);
  await under.fleet.start();
  await under.until(() => under.instances("api")[0]!.figures, "figures");
  await under.until(() => under.upstreams("api")[0]?.socketPath, "socket");
});

const refused: readonly (readonly [what: string, say: readonly unknown[]])[] = [
  ["no hello", [listening]],
  ["another instance's name", [{ ...hello, instance: "api-2" }, listening]],
  ["the pid of a process that is none of its own", [{ ...hello, pid: 1 }, listening]],
  ["no JSON", [hello, "listening please"]],
  ["a message of another shape", [hello, { type: "listening", port: "$port" }]],
  ["a second hello", [hello, hello]],
  ["a line without end", [hello, "x".repeat(40_000)]],
];

for (const [what, say] of refused) {
  test(`hangs up on ${what}`, async (t) => {
    const under = new FleetUnderTest(t, [reporter(...say)]);
    await under.fleet.start();
    await under.until(() => under.fleet.logs({}, 10).some(({ text }) => text === "the fleet hung up"), "hung up");
    assert.equal(under.upstreams("api")[0]!.socketPath, undefined);
    assert.deepEqual(under.states("api"), ["api-1 ready"], "the instance itself is as well as before");
  });
}

test("no traffic is sent to a socket outside the private folder, or to another port's", async (t) => {
  const elsewhere = { ...listening, socketPath: "/var/run/elsewhere.sock" };
  const under = new FleetUnderTest(t, [
    reporter(hello, elsewhere, { ...listening, port: 1 }, { type: "figures", figures }),
  ]);
  await under.fleet.start();
  await under.until(() => under.instances("api")[0]!.figures, "all was read");
  assert.equal(under.upstreams("api")[0]!.socketPath, undefined);
});

test("a stranger who connects and says nothing holds up nothing, also not the end", async (t) => {
  const under = new FleetUnderTest(t, [reporter(hello)]);
  await under.fleet.start();
  const stranger = connect(join(under.directory, "c.sock"));
  await once(stranger, "connect");
  const closed = once(stranger, "close");
  stranger.resume();
  await under.fleet.stop();
  await closed;
});

test("an unchanged Node app is reached by its unix socket", async (t) => {
  const under = new FleetUnderTest(t, [commandService("api", { preload: true })]);
  await under.fleet.start();
  const socketPath = await under.until(() => under.upstreams("api")[0]?.socketPath, "socket");
  assert.ok(socketPath.startsWith(under.directory));
  await under.until(() => under.instances("api")[0]!.figures?.rssBytes, "figures");
});

test("so is one that npm starts, and it ends in order with npm", async (t) => {
  const directory = temporaryDirectory(t);
  const scripts = { start: `node ${fixture("steady.ts")}` };
  writeFileSync(join(directory, "package.json"), JSON.stringify({ name: "app", type: "module", scripts }));
  const env = { PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` };
  const service = commandService("api", { preload: true, command: ["npm", "run", "start"], cwd: directory, env });
  const under = new FleetUnderTest(t, [service]);
  await under.fleet.start();
  await under.until(() => under.upstreams("api")[0]?.socketPath, "socket");
  await under.fleet.stop();
  assert.ok(under.fleet.logs({}, 20).some(({ text }) => text === "ends in order"));
  assert.ok(!under.types("api-1").includes("killed"));
});
