import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { temporaryDirectory } from "./support/temporary.ts";

const run = promisify(execFile);
const root = join(import.meta.dirname, "..");
const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  version: string;
  exports: Record<string, { default: string } | string>;
};

test("the packed package installs elsewhere, and its modules, types and command work", async (t) => {
  const directory = temporaryDirectory(t);
  const npm = async (...words: string[]): Promise<string> =>
    (await run("npm", [...words, "--loglevel=error"], { cwd: directory, env: environment() })).stdout;
  await run("npm", ["pack", "--pack-destination", directory, "--loglevel=error"], { cwd: root, env: environment() });
  writeFileSync(join(directory, "package.json"), '{ "name": "user", "version": "1.0.0", "type": "module" }');
  // Without the 60 MB of Postgres: this project has its own.
  await npm("install", `./tenfold-${manifest.version}.tgz`, "--omit=optional", "--ignore-scripts", "--prefer-offline");

  await t.test("every door opens", async () => {
    const doors = Object.keys(manifest.exports).filter((door) => door !== "./package.json" && door !== "./instance");
    const script = `for (const door of ${JSON.stringify(doors)}) {
      const module = await import("tenfold" + door.slice(1));
      console.log(door, Object.keys(module).length > 0);
    }`;
    const { stdout } = await run(process.execPath, ["--input-type=module", "-e", script], { cwd: directory });
    assert.equal(stdout, doors.map((door) => `${door} true\n`).join(""));
  });

  await t.test("a project that is checked by TypeScript finds the types", async () => {
    writeFileSync(
      join(directory, "right.ts"),
      'import { defineConfig } from "tenfold";\nexport const config = defineConfig({ services: { api: { command: "node a.js" } } });\n',
    );
    writeFileSync(
      join(directory, "wrong.ts"),
      'import { defineConfig } from "tenfold";\nexport const config = defineConfig({ services: { api: { comand: "node a.js" } } });\n',
    );
    const tsc = (file: string): Promise<unknown> =>
      run(process.execPath, [
        join(root, "node_modules/typescript/bin/tsc"),
        ..."--ignoreConfig --noEmit --strict --module nodenext --target es2024 --types node --typeRoots".split(" "),
        join(root, "node_modules/@types"),
        join(directory, file),
      ]);
    await tsc("right.ts");
    await assert.rejects(tsc("wrong.ts"), (error: { stdout: string }) => error.stdout.includes("comand"));
  });

  await t.test("the command runs a project", async () => {
    mkdirSync(join(directory, "app"));
    writeFileSync(
      join(directory, "app/server.js"),
      'import { createServer } from "node:http";\ncreateServer((_, response) => response.end("hello")).listen(process.env.PORT);\n',
    );
    writeFileSync(
      join(directory, "app/tenfold.config.ts"),
      'import { defineConfig } from "tenfold";\nexport default defineConfig({ services: { api: { command: "node server.js" } }, database: false });\n',
    );
    const tenfold = async (...words: string[]): Promise<string> => {
      const command = join(directory, "node_modules/.bin/tenfold");
      return (await run(command, words, { cwd: join(directory, "app"), env: environment() })).stdout;
    };
    assert.equal((await tenfold("--version")).trim(), manifest.version);
    const up = JSON.parse(await tenfold("up", "--detach", "--json", "--port", "0", "--control-port", "0")) as {
      url: string;
    };
    try {
      assert.equal(await (await fetch(up.url)).text(), "hello");
      const status = JSON.parse(await tenfold("status", "--json")) as { state: string };
      assert.equal(status.state, "ready");
    } finally {
      await tenfold("stop");
    }
    await assert.rejects(fetch(up.url));
  });
});

/** This process's Node first on the PATH; nothing of the test runner. */
function environment(): NodeJS.ProcessEnv {
  const { NODE_TEST_CONTEXT: _, NODE_OPTIONS: __, DATABASE_URL: ___, ...rest } = process.env;
  return { ...rest, PATH: `${join(process.execPath, "..")}:${process.env["PATH"]}` };
}
