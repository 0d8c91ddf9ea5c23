/**
 * What does the preload add to the start of a Node process? A trivial script, with and without it: compiled, as users get it; and as
 * TypeScript, as in this repository, where the first stripped file costs Node most of the time (an app in TypeScript pays that anyway).
 * Then the same for a server that listens and closes at
 * once: there, what is loaded after `listen` is in the time too.
 *
 *     node bench/preload.ts            writes bench/results/preload.json
 */
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, totalmem } from "node:os";
import { createServer, type AddressInfo } from "node:net";
import { once } from "node:events";
import { join } from "node:path";

const rounds = 31;
const root = join(import.meta.dirname, "..");
// Inside the repository, so that the nearest package.json is ours.
const directory = mkdtempSync(join(root, "node_modules", ".bench-preload-"));
const instance = join(root, "src/fleet/instance");
const commonJs = script("trivial.cjs", "process.exitCode = 0;");
const esm = script("trivial.mjs", "process.exitCode = 0;");
const server = script(
  "server.cjs",
  `require("node:http").createServer().listen(process.env.PORT, "127.0.0.1", function () { this.close(); });`,
);

const port = await freePort();

try {
  writeFileSync(join(directory, "package.json"), `{ "type": "module" }`);
  const build = ["--project", join(root, "tsconfig.build.json"), "--outDir", join(directory, "dist")];
  execFileSync(join(root, "node_modules/.bin/tsc"), build);
  const compiled = join(directory, "dist/fleet/instance/preload.js");
  const source = join(instance, "preload.ts");
  const variants: Record<string, readonly string[]> = {
    CommonJS: [commonJs],
    "CommonJS again": [commonJs],
    "CommonJS, compiled": [`--require=${compiled}`, commonJs],
    "CommonJS, compiled, by --import": [`--import=file://${compiled}`, commonJs],
    "CommonJS, TypeScript": [`--require=${source}`, commonJs],
    ESM: [esm],
    "ESM, compiled": [`--require=${compiled}`, esm],
    "ESM, compiled, by --import": [`--import=file://${compiled}`, esm],
    server: [server],
    "server, compiled": [`--require=${compiled}`, server],
  };
  const times = Object.fromEntries(Object.keys(variants).map((name) => [name, [] as number[]]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, args] of Object.entries(variants)) times[name]!.push(time(args));
  }
  const medians = Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]));
  const added = (name: string, base: string): number => Number((medians[name]! - medians[base]!).toFixed(2));
  const result = {
    question: "What does the preload add to the start of a Node process?",
    unit: "ms",
    rounds,
    machine: { cpu: cpus()[0]?.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 1_073_741_824) },
    versions: { node: process.version },
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    date: new Date().toISOString().slice(0, 10),
    medians,
    added: {
      "noise (the same twice)": added("CommonJS again", "CommonJS"),
      "CommonJS, compiled": added("CommonJS, compiled", "CommonJS"),
      "CommonJS, compiled, by --import": added("CommonJS, compiled, by --import", "CommonJS"),
      "CommonJS, TypeScript": added("CommonJS, TypeScript", "CommonJS"),
      "ESM, compiled": added("ESM, compiled", "ESM"),
      "ESM, compiled, by --import": added("ESM, compiled, by --import", "ESM"),
      "server, compiled": added("server, compiled", "server"),
    },
  };
  writeFileSync(join(import.meta.dirname, "results", "preload.json"), `${JSON.stringify(result, null, 2)}\n`);
  console.log(result.added);
} finally {
  rmSync(directory, { recursive: true, force: true });
}

function script(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, `${text}\n`);
  return path;
}

function time(args: readonly string[]): number {
  const control = join(directory, "control.sock"); // Nobody listens there: that is the fleet's cost, not the app's.
  const env = { ...process.env, PORT: String(port), TENFOLD_INSTANCE: "bench-1", TENFOLD_CONTROL: control };
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env });
  const ms = performance.now() - start;
  if (status !== 0) throw new Error(`${args.join(" ")}: ${stderr.toString()}`);
  return ms;
}

function median(values: readonly number[]): number {
  return Number(values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!.toFixed(2));
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
