import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { optionsWithout, withoutPreload } from "../../src/fleet/instance/inheritance.ts";
import { ask, isListening, startApp } from "../fixtures/preload/harness.ts";

for (const by of ["require", "import", "NODE_OPTIONS"] as const) {
  test(`children of an app that got the preload by ${by} do not`, async (t) => {
    const app = await startApp(t, "parent.mjs", { by });
    const { forked, spawned, worker } = JSON.parse((await ask(await app.socketPath())).body);
    const nodeOptions = by === "NODE_OPTIONS" ? "--no-deprecation" : null;
    assert.deepEqual(forked, { execArgv: [], nodeOptions, watched: false });
    assert.deepEqual(spawned, { execArgv: [], nodeOptions, watched: false });
    assert.deepEqual(worker.execArgv, []);
    assert.equal(worker.nodeOptions, nodeOptions);
  });
}

test("NODE_OPTIONS reaches the app through npm", async (t) => {
  const app = await startApp(t, "", {
    program: "npm",
    args: ["start"],
    cwd: join(import.meta.dirname, "../fixtures/preload/npm"),
    by: "NODE_OPTIONS",
  });
  const { socketPath } = await app.ear.heard("listening");
  assert.equal((await ask(socketPath)).status, 200);
  assert.equal(app.ear.messages.filter(({ type }) => type === "hello").length, 1);
});

test("NODE_OPTIONS reaches the app through a program that starts Node again", async (t) => {
  const app = await startApp(t, "wrapper.mjs", { by: "NODE_OPTIONS" });
  const path = await app.socketPath();
  assert.notEqual(path, join(app.directory, `api-1-${app.pid}.sock`));
  assert.equal((await ask(path)).status, 200);
});

test("node --watch passes the preload to the app", async (t) => {
  const app = await startApp(t, "bare.mjs", { args: ["--watch"] });
  assert.equal((await ask(await app.socketPath())).status, 200);
});

test("a clustered app is left alone", async (t) => {
  const app = await startApp(t, "clustered.mjs");
  assert.equal((await ask(app.port)).body, "ok");
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [0, null]);
  assert.deepEqual(app.ear.messages, []);
});

test("without the platform the app runs as if nothing were there", async (t) => {
  for (const env of [
    { TENFOLD_CONTROL: "" },
    { TENFOLD_INSTANCE: "" },
    { TENFOLD_CONTROL: "/nonexistent/control.sock" },
    { TENFOLD_CONTROL: `/tmp/${"long".repeat(40)}` },
  ]) {
    const app = await startApp(t, "commanded.mjs", { hasFleet: false, env });
    assert.equal((await ask(app.port, "/close")).body, "closing");
    assert.deepEqual(await app.ended, [0, null]);
    assert.equal(app.output(), "listening\nclosed in order\nexit 0\n");
    assert.equal(await isListening(app.port), false);
  }
});

test("only the option that loads the preload is taken out", () => {
  const self = ["/a b/preload.js", "file:///a%20b/preload.js"];
  for (const option of ["--require=/a b/preload.js", "--import=file:///a%20b/preload.js"]) {
    const execArgv = ["--no-warnings", option, "--require=/other.js"];
    withoutPreload(execArgv, self);
    assert.deepEqual(execArgv, ["--no-warnings", "--require=/other.js"]);
  }
  const apart = ["-r", "/other.js", "-r", self[0]!, "--import", self[1]!];
  withoutPreload(apart, self);
  assert.deepEqual(apart, ["-r", "/other.js"]);

  for (const [given, expected] of [
    ['--require="/a b/preload.js"', ""],
    ["--import=file:///a%20b/preload.js", ""],
    ['--a --require "/a b/preload.js" --b', "--a --b"],
    ["--import file:///a%20b/preload.js.map", "--import file:///a%20b/preload.js.map"],
    ["", ""],
  ] as const) {
    assert.equal(optionsWithout(given, self), expected);
  }
  assert.equal(optionsWithout(String.raw`--require="/a \"b\"/preload.js" --c`, ['/a "b"/preload.js']), "--c");
});
