import { spawn } from "node:child_process";
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { suite, test, type TestContext } from "node:test";
import { checkPorts, explainConfig, formatExplained, loadConfig, type LoadOptions } from "../../src/config/index.ts";
import { evaluateConfig } from "../../src/config/evaluate.ts";
import { TenfoldError } from "../../src/kernel/index.ts";
import { temporaryDirectory } from "../support/temporary.ts";
import { wrongConfigs } from "../support/wrong-configs.ts";

/** A folder with these files, gone after the test. */
function project(t: TestContext, files: Readonly<Record<string, string>>): string {
  const root = temporaryDirectory(t);
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
  return root;
}

const smallest = `export default { services: { api: { command: "node --eval 0" } } };\n`;
const bare = { PATH: process.env["PATH"] };

function load(cwd: string, options: Partial<LoadOptions> = {}) {
  return loadConfig({ cwd, env: bare, ...options });
}

async function refusal(cwd: string, options: Partial<LoadOptions> = {}): Promise<TenfoldError> {
  const error = await load(cwd, options).then(
    () => assert.fail("it was accepted"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TenfoldError, String(error));
  return error;
}

suite("a wrong config is refused, readably", () => {
  for (const { name, config, env, expect } of wrongConfigs) {
    test(name, async (t) => {
      const root = project(t, { "tenfold.config.ts": config });
      const { message, fix = "", code } = await refusal(root, { env: { ...bare, ...env } });
      assert.match(code, /^CONFIG_/);
      for (const pattern of expect) assert.match(`${message}\n${fix}`, pattern);
      assert.doesNotMatch(message, /hunter2|\0/);
    });
  }
});

test("the smallest config gets every default", async (t) => {
  const root = project(t, { "tenfold.config.ts": smallest, "package.json": `{ "name": "@acme/Shop.api" }` });
  const { config, mode } = await load(root);
  assert.equal(mode, "development");
  assert.equal(config.name, "shop-api");
  assert.deepEqual(config.services["api"]?.routes, [{}]);
  assert.deepEqual(config.gateway.port, 8080);
  assert.deepEqual(config.database, { kind: "embedded", name: "shop_api", replicas: 0, maxConnections: 100, port: 0 });
});

test("the config is found in a folder above, but not outside of the repository", async (t) => {
  const root = project(t, {
    "tenfold.config.ts": smallest,
    "src/deep/x.ts": "",
    "other/.git/HEAD": "",
    "other/src/x.ts": "",
  });
  assert.equal((await load(join(root, "src/deep"))).file, join(root, "tenfold.config.ts"));
  const { code, fix } = await refusal(join(root, "other/src"));
  assert.equal(code, "CONFIG_NOT_FOUND");
  assert.match(fix ?? "", /tenfold init/);
});

test("a file or a folder can be named; two configs in one folder cannot be chosen from", async (t) => {
  const root = project(t, {
    "a/staging.config.ts": smallest,
    "b/tenfold.config.mjs": smallest,
    "c/tenfold.config.ts": smallest,
    "c/tenfold.config.js": smallest,
  });
  assert.equal((await load(root, { file: "a/staging.config.ts" })).config.root, join(root, "a"));
  assert.equal((await load(root, { file: "b" })).file, join(root, "b/tenfold.config.mjs"));
  assert.equal((await refusal(root, { file: "c" })).code, "CONFIG_AMBIGUOUS");
  assert.match((await refusal(root, { file: "a/stagin.config.ts" })).fix ?? "", /did you mean .*staging\.config\.ts/);
});

test("a module is a module whatever the package says, and imports its neighbours", async (t) => {
  const config = `import { defineConfig, type Config } from "tenfold";
import { command } from "./command.ts";
const config: Config = { services: { api: { command } } };
export default defineConfig(config);\n`;
  const root = project(t, {
    "package.json": `{ "type": "commonjs" }`,
    "tenfold.config.ts": config,
    "command.ts": `export const command: string = "node --eval 0";\n`,
    "cjs/tenfold.config.js": `module.exports = { services: { api: { command: "node --eval 1" } } };\n`,
  });
  const { config: loaded } = await load(root);
  const service = loaded.services["api"]!;
  assert.deepEqual(service.kind === "command" && service.command, ["node", "--eval", "0"]);
  await load(join(root, "cjs"));
});

test("env files: the real environment wins, then the mode's, then the local one", async (t) => {
  const names = ["A", "B", "C", "D", "E"];
  const config = `import { env } from "tenfold";
export default { services: { api: { command: "node --eval 0", env: { ${names.map((name) => `${name}: env("${name}")`).join(", ")}, F: env("F", "none") } } } };\n`;
  const root = project(t, {
    "tenfold.config.ts": config,
    ".env": "A=env\nB=env\nC=env\nD=env\nE=env\n",
    ".env.local": "A=local\nB=local\nC=local\nD=local\n",
    ".env.staging": "A=staging\nB=staging\nC=staging\n",
    ".env.staging.local": "A=staging-local\nB=staging-local\n",
  });
  const { config: loaded, environment } = await load(root, { mode: "staging", env: { ...bare, A: "real" } });
  const service = loaded.services["api"]!;
  const expected = { A: "real", B: "staging-local", C: "staging", D: "local", E: "env", F: "none" };
  assert.deepEqual(service.kind === "command" && service.env, expected);
  assert.equal(environment["C"], "staging");
});

test("loading again sees the file as it is now", async (t) => {
  const root = project(t, { "tenfold.config.ts": smallest });
  await load(root);
  writeFileSync(join(root, "tenfold.config.ts"), smallest.replace("api", "web"));
  assert.deepEqual(Object.keys((await load(root)).config.services), ["web"]);
});

test("config code cannot end, change or hold up the process that loads it", async (t) => {
  const root = project(t, {
    "exit.ts": `process.exit(0);\nexport default {};\n`,
    "endless.ts": `for (;;);\nexport default {};\n`,
    "globals.ts": `process.env["TENFOLD_LEAK"] = "1";\nglobalThis.leaked = true;\nsetInterval(() => {}, 1);\nexport default { fine: true };\n`,
  });
  await assert.rejects(evaluateConfig(join(root, "exit.ts"), {}), { code: "CONFIG_EXITED" });
  await assert.rejects(evaluateConfig(join(root, "endless.ts"), {}, 300), { code: "CONFIG_TIMED_OUT" });
  assert.deepEqual(await evaluateConfig(join(root, "globals.ts"), {}), { fine: true });
  assert.ok(!("leaked" in globalThis) && process.env["TENFOLD_LEAK"] === undefined);
});

test("the explanation says where each value came from, and hides secrets", async (t) => {
  const root = project(t, {
    "tenfold.config.ts": `export default {
  services: { api: { command: "node --eval 0", health: "/readyz", env: { API_KEY: "geheim" } } },
  gateway: { maxBody: "1MiB" }, database: { replicas: 2 },
};\n`,
    ".env.local": "DATABASE_URL=postgres://app:geheim@db.internal/app\n",
  });
  const loaded = await load(root, { overrides: { port: 0 }, env: { ...bare, TENFOLD_CONTROL_TOKEN: "geheim" } });
  const values = explainConfig(loaded);
  const of = (path: string) => values.find((each) => each.path === path);
  const table: [string, string, string][] = [
    ["services.api.health.path", `"/readyz"`, "tenfold.config.ts"],
    ["services.api.health.interval", `"5s"`, "default"],
    ["services.api.env.API_KEY", "(hidden)", "tenfold.config.ts"],
    ["gateway.maxBody", `"1MiB"`, "tenfold.config.ts"],
    ["gateway.port", "0", "--port"],
    ["control.token", "(hidden)", "environment variable TENFOLD_CONTROL_TOKEN"],
    ["database.url", `"postgres://app:***@db.internal/app"`, "environment variable DATABASE_URL (from .env.local)"],
    ["database.replicas", "2", "tenfold.config.ts, ignored: DATABASE_URL is set"],
  ];
  for (const [path, value, origin] of table) assert.deepEqual(of(path), { path, value, origin });
  assert.doesNotMatch(formatExplained(values), /geheim/);
  assert.equal(loaded.config.database.kind, "external");
  assert.equal(loaded.config.control.token, "geheim");
});

test("what limits are is explained, and what callers are known by is hidden", async (t) => {
  const root = project(t, {
    "tenfold.config.ts": `export default {
  services: { api: { command: "node --eval 0" } },
  gateway: {
    limits: { "api-key": "100/minute per header:x-api-key", all: { rate: "20/second", per: "ip" } },
    tiers: { partner: { header: { "x-id": ["geheim", "geheim2"] } } },
    jwt: { secret: "geheim" },
  },
};\n`,
    ".env": "REDIS_URL=redis://:geheim@cache.internal:6379/1\n",
  });
  const loaded = await load(root);
  const values = explainConfig(loaded);
  const of = (path: string) => values.find((each) => each.path === path);
  const file = "tenfold.config.ts";
  const table: [string, string, string][] = [
    ["gateway.limits.api-key.rate", `"100/minute per header:x-api-key"`, file],
    ["gateway.limits.api-key.mode", `"leased"`, "default"],
    ["gateway.limits.all.per[0]", `"ip"`, file],
    ["gateway.limits.all.maxKeys", "100000", "default"],
    ["gateway.tiers.partner.header.x-id[1]", "(hidden)", file],
    ["gateway.jwt.secret", "(hidden)", file],
    ["gateway.jwt.header", `"authorization"`, "default"],
    ["services.api.overload.concurrency", `"adaptive"`, "default"],
    ["redis.url", `"redis://:***@cache.internal:6379/1"`, "environment variable REDIS_URL (from .env)"],
  ];
  for (const [path, value, origin] of table) assert.deepEqual(of(path), { path, value, origin });
  assert.equal(of("gateway.limits.api-key.per"), undefined, "its rate says it");
  assert.doesNotMatch(formatExplained(values), /geheim/);
  assert.deepEqual(loaded.config.redis, { url: "redis://:geheim@cache.internal:6379/1" });
});

test("database: false stays without one, whatever the environment says", async (t) => {
  const root = project(t, { "tenfold.config.ts": smallest.replace("} };", "}, database: false };") });
  assert.deepEqual((await load(root, { env: { ...bare, DATABASE_URL: "nonsense" } })).config.database, {
    kind: "none",
  });
});

test("a wrong flag is named as a flag", async (t) => {
  const root = project(t, { "tenfold.config.ts": smallest });
  assert.match((await refusal(root, { overrides: { port: 99_999 } })).message, /^ {2}--port$/m);
});

test("a port in use is named with its holder, unless the holder gives it up", async (t) => {
  const root = project(t, { "tenfold.config.ts": smallest });
  const holder = createServer();
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  t.after(() => holder.close());
  const { port } = holder.address() as { port: number };
  const { config } = await load(root, { overrides: { port, controlPort: 0 } });
  const [problem, ...others] = await checkPorts(config);
  assert.deepEqual(others, []);
  assert.equal(problem?.path, "gateway.port");
  assert.match(problem?.found ?? "", process.platform === "linux" ? new RegExp(`process ${process.pid} `) : /holds/);
  assert.match(problem?.hint ?? "", /--port 0/);
  if (process.platform === "linux") assert.deepEqual(await checkPorts(config, { exceptPids: [process.pid] }), []);
});

test(
  "a socket counts as given up when one of those who have it gives it up",
  { skip: process.platform !== "linux" },
  async (t) => {
    const root = project(t, { "tenfold.config.ts": smallest });
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    t.after(() => holder.close());
    const { port } = holder.address() as { port: number };
    const { fd } = (holder as unknown as { _handle: { fd: number } })._handle;
    const child = spawn("sleep", ["60"], { stdio: ["ignore", "ignore", "ignore", fd] });
    t.after(() => child.kill());
    const { config } = await load(root, { overrides: { port, controlPort: 0 } });
    assert.deepEqual(await checkPorts(config, { exceptPids: [process.pid] }), []);
    assert.equal((await checkPorts(config, { exceptPids: [1] })).length, 1);
  },
);
