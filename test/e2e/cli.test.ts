import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { Readable } from "node:stream";
import { test } from "node:test";
import { request } from "undici";
import { poll } from "../../src/kernel/index.ts";
import { directoriesOf, livingProcesses } from "../../src/platform/index.ts";
import { createEchoProject } from "../support/projects.ts";
import { type RunningTenfold, runTenfold, startTenfold } from "../support/tenfold.ts";

const within = (what: string) => ({
  everyMs: 20,
  deadlineMs: 30_000,
  onTimeout: () => new Error(`no sign of ${what}`),
});

async function nothingLeft(directory: string): Promise<void> {
  const directories = directoriesOf(directory);
  await poll(() => (livingProcesses(directories).length === 0 ? true : undefined), within("the end of all"));
  await poll(() => (existsSync(directories.sockets) ? undefined : true), within("the sockets' end"));
}

async function inFlight(tenfold: RunningTenfold): Promise<true | undefined> {
  const response = await request(`${tenfold.control}/metrics`);
  return /^tenfold_gateway_requests_active\S* [1-9]/m.test(await response.body.text()) ? true : undefined;
}

test("a second Ctrl-C, while all is ending, ends it at once", async (t) => {
  const directory = createEchoProject(t, { drain: "60s" }, { database: false, orphanGrace: "60s" });
  const tenfold = await startTenfold(t, directory);
  const slow = request(`${tenfold.url}/item?ms=60000`).catch(() => {});
  await poll(() => inFlight(tenfold), within("the request"));
  tenfold.process.kill("SIGINT");
  await poll(() => tenfold.events.find(({ type }) => type === "stopping"), within("the end"));
  tenfold.process.kill("SIGINT");
  assert.deepEqual(await once(tenfold.process, "exit"), [130, null]);
  await nothingLeft(directory);
  await slow;
});

test("a project whose .tenfold was deleted while it ran ends all the same", async (t) => {
  const directory = createEchoProject(t);
  const tenfold = await startTenfold(t, directory);
  rmSync(join(directory, ".tenfold"), { recursive: true });
  tenfold.process.kill("SIGINT");
  assert.deepEqual(await once(tenfold.process, "exit"), [0, null]);
  assert.deepEqual(livingProcesses(directoriesOf(directory)), []);
  await assert.rejects(request(`${tenfold.url}/item`));
});

test("a platform is found, and ended, after its config was deleted", async (t) => {
  const directory = createEchoProject(t);
  const tenfold = await startTenfold(t, directory);
  rmSync(join(directory, "tenfold.config.ts"));
  assert.equal((await tenfold.run("status")).code, 0);
  assert.equal((await tenfold.run("reload")).code, 2);
  assert.equal((await request(`${tenfold.url}/item`)).statusCode, 200);
  assert.equal((await tenfold.run("stop")).code, 0);
  await nothingLeft(directory);
});

test("a reload that cannot be does nothing, not even the setup", async (t) => {
  const setup = `node -e 'require("fs").appendFileSync("ran", "x")'`;
  const directory = createEchoProject(t, {}, { database: false, setup });
  const tenfold = await startTenfold(t, directory);
  const file = join(directory, "tenfold.config.ts");
  const config = readFileSync(file, "utf8");

  const unknown = await tenfold.run("reload", "apy");
  assert.match(unknown.stderr, /there is no service "apy"[^]*did you mean "api"/);
  writeFileSync(file, config.replace('"services"', '"gateway":{"port":1234},"services"'));
  const withoutFlag = await runTenfold(directory, ["config"]);
  assert.equal(withoutFlag.code, 0, withoutFlag.stderr);
  writeFileSync(file, config.replace('"services"', '"gateway":{"host":"127.0.0.2"},"services"'));
  const moved = await tenfold.run("reload");
  assert.match(moved.stderr, /a reload cannot change gateway\.host/);
  assert.equal(readFileSync(join(directory, "ran"), "utf8"), "x");
  assert.equal((await request(`${tenfold.url}/item`)).statusCode, 200);
});

test("a port that another process takes during the start fails the start, and leaves nothing", async (t) => {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as { port: number };
  probe.close();
  // The setup waits until this test has taken the port.
  const setup = `node -e 'setInterval(() => require("fs").existsSync("taken") && process.exit(), 20)'`;
  const directory = createEchoProject(t, {}, { database: false, setup });
  const up = runTenfold(directory, ["up", "--json", "--port", String(port), "--control-port", "0"]);
  await poll(() => (livingProcesses(directoriesOf(directory)).length > 0 ? true : undefined), within("the setup"));
  const other = createServer().listen(port, "127.0.0.1");
  await once(other, "listening");
  t.after(() => other.close());
  writeFileSync(join(directory, "taken"), "");
  const { code, stdout } = await up;
  assert.equal(code, 1);
  assert.match(stdout, /GATEWAY_PORT_IN_USE/);
  await nothingLeft(directory);
});

test("what instances print while they start is shown, also when they do not become ready", async (t) => {
  const command = ["node", "-e", `console.log("cannot reach the moon"); process.exitCode = 7`];
  const directory = createEchoProject(t, { command, scale: { min: 1, max: 1 } });
  const { code, stdout, stderr } = await runTenfold(directory, ["up", "--port", "0", "--control-port", "0"]);
  assert.equal(code, 1);
  assert.match(stdout, /api-1 │ cannot reach the moon/);
  assert.match(stderr, /api-1 crashed 5 times in a row \(exit code 7\)/);
  await nothingLeft(directory);
});

test("`up --detach` says what the start in the background says, ends with its exit code, and does not linger", async (t) => {
  const directory = createEchoProject(t);
  const detach = ["up", "--detach", "--json", "--port", "0", "--control-port", "0"];
  t.after(() => runTenfold(directory, ["stop"]));
  const first = await runTenfold(directory, detach);
  const { type, pid } = JSON.parse(first.stdout) as { type: string; pid: number };
  assert.equal(type, "up");
  const second = await runTenfold(directory, detach);
  assert.equal(second.code, 1);
  const { error } = JSON.parse(second.stdout) as { error: { code: string; facts: unknown } };
  assert.deepEqual([error.code, error.facts], ["PLATFORM_ALREADY_RUNNING", { pid, root: directory }]);
  assert.equal((await runTenfold(directory, ["stop"])).code, 0);

  writeFileSync(join(directory, "tenfold.config.ts"), "export default {};");
  const wrong = await runTenfold(directory, detach.slice(0, 2));
  assert.equal(wrong.code, 2);
  assert.match(wrong.stderr, /error: tenfold\.config\.ts has 1 problem/);
});

test("`tenfold doctor` shows which path serves the requests of a running project, as the metrics do", async (t) => {
  const tenfold = await startTenfold(t, createEchoProject(t));
  for (let i = 0; i < 6; i++) await (await request(`${tenfold.url}/item`)).body.dump();
  const chunked = Readable.from(["in ", "pieces"]);
  await (await request(`${tenfold.url}/item`, { method: "POST", body: chunked })).body.dump();
  const findings = (await tenfold.ask("doctor")) as { check: string; facts?: Record<string, number> }[];
  const factsOf = (wanted: string) => findings.find(({ check }) => check === wanted)?.facts;
  assert.deepEqual(factsOf("gateway paths"), { fast: 6, full: 1 });
  assert.deepEqual(factsOf("full path, transfer-encoding"), { connections: 1 });
  const { stdout } = await tenfold.run("doctor");
  assert.match(stdout, /gateway paths: fast path 6 requests \(85\.7 %\), full path 1 request \(14\.3 %\)/);
  assert.match(stdout, /! full path, transfer-encoding: 1 connection: [^\n]*\n {2}fix: [^\n]*Content-Length/);

  const metrics = await (await request(`${tenfold.control}/metrics`)).body.text();
  for (const line of [
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="fast"} 6',
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="full"} 1',
    'tenfold_gateway_handed_over_total{gateway="gateway-1",reason="transfer-encoding"} 1',
  ]) {
    assert.ok(metrics.includes(`${line}\n`), line);
  }
});

test("`tenfold doctor` says that the fast path is off where the config of the running project says so", async (t) => {
  const tenfold = await startTenfold(t, createEchoProject(t, {}, { database: false, gateway: { fastPath: false } }));
  await (await request(`${tenfold.url}/item`)).body.dump();
  const { stdout } = await tenfold.run("doctor");
  assert.match(stdout, /gateway paths: the fast path is off \(gateway\.fastPath\): 1 request on the full path/);
});

test("`tenfold stop` ends a platform that hangs, by force, and all that it ran", async (t) => {
  const directory = createEchoProject(t);
  const tenfold = await startTenfold(t, directory);
  tenfold.process.kill("SIGSTOP");
  const { code, stdout } = await tenfold.run("stop", "--timeout", "100ms");
  assert.equal(code, 0);
  assert.match(stdout, /Ended 3 processes that were left: gateway-1, api-1, api-2/);
  await nothingLeft(directory);
});
