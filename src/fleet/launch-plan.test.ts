import assert from "node:assert/strict";
import { delimiter, dirname } from "node:path";
import { test } from "node:test";
import { type LaunchInput, planLaunch } from "./launch-plan.ts";

function plan(command: readonly string[], changes: Partial<LaunchInput["service"]> = {}, environment = {}) {
  return planLaunch({
    service: { name: "api", command, cwd: "/srv/app", env: {}, preload: true, drainMs: 9_000, ...changes },
    instance: "api-2",
    port: 4001,
    controlSocket: "/run/c.sock",
    preload: "/srv/ten fold/preload.js",
    node: "/opt/node24/bin/node",
    environment,
  });
}

test("node is the Node that runs Tenfold, and gets the preload as an argument", () => {
  const { program, args, env, cwd } = plan(["node", "--enable-source-maps", "src/server.ts"]);
  assert.equal(program, "/opt/node24/bin/node");
  assert.deepEqual(args, ["--require=/srv/ten fold/preload.js", "--enable-source-maps", "src/server.ts"]);
  assert.equal(env["NODE_OPTIONS"], undefined);
  assert.equal(cwd, "/srv/app");
});

test("a Node that is spelled out is taken as it is", () => {
  assert.equal(plan(["/usr/bin/node", "a.js"]).program, "/usr/bin/node");
  assert.equal(plan(["/usr/bin/node", "a.js"]).args[0], "--require=/srv/ten fold/preload.js");
});

test("what starts a Node further down gets the preload by NODE_OPTIONS, after what is there", () => {
  const { program, args, env } = plan(["npm", "run", "start"], {}, { NODE_OPTIONS: "--max-old-space-size=512" });
  assert.equal(program, "npm");
  assert.deepEqual(args, ["run", "start"]);
  assert.equal(env["NODE_OPTIONS"], '--max-old-space-size=512 --require="/srv/ten fold/preload.js"');
});

test("preload: false leaves everything as it is", () => {
  assert.deepEqual(plan(["node", "a.js"], { preload: false }).args, ["a.js"]);
  assert.equal(plan(["npm", "start"], { preload: false }).env["NODE_OPTIONS"], undefined);
});

test("what Tenfold gives wins over the service's env, and that over the environment", () => {
  const { env } = plan(["node", "a.js"], { env: { PORT: "1", A: "service" } }, { PORT: "2", A: "outer", B: "outer" });
  assert.deepEqual(
    { ...env, PATH: undefined },
    {
      PATH: undefined,
      PORT: "4001",
      HOST: "127.0.0.1",
      TENFOLD_SERVICE: "api",
      TENFOLD_INSTANCE: "api-2",
      TENFOLD_CONTROL: "/run/c.sock",
      TENFOLD_DRAIN_MS: "9000",
      A: "service",
      B: "outer",
    },
  );
});

test("programs are searched in node_modules/.bin first, as in an npm script, and Node is always found", () => {
  const { env } = plan(["tsx", "a.ts"], {}, { PATH: "/usr/bin" });
  const bins = ["/srv/app/node_modules/.bin", "/srv/node_modules/.bin", "/node_modules/.bin"];
  assert.equal(env["PATH"], [...bins, "/usr/bin", dirname(process.execPath)].join(delimiter));
});
