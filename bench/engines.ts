/**
 * How long do the engines take? A primary with one replica: the first start (initdb and base copy included), a start on
 * what is there, a promotion (until the URL takes writes again and a new replica follows), a stop.
 *
 *     node bench/engines.ts            writes bench/results/engines.json
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { checkDatabaseUrl, PostgresCluster } from "../src/engines/index.ts";

const rounds = 7;
const roots: string[] = [];
const times: Record<string, number[]> = {};
let version = "";

for (let round = 0; round < rounds; round++) {
  const root = mkdtempSync(join(tmpdir(), "tenfold-bench-"));
  roots.push(root);
  const options = { directory: join(root, "postgres"), database: "bench", replicas: 1, maxConnections: 100, port: 0 };
  const cluster = new PostgresCluster(options);
  await time("coldStart", () => cluster.start());
  ({ version } = await checkDatabaseUrl(cluster.url));
  await time("stop", () => cluster.stop());
  await time("warmStart", () => cluster.start());
  await time("promote", () => cluster.promote("replica-1"));
  await cluster.stop();
}
// Only now: deleting makes the file system slow for whoever makes files next.
for (const root of roots) rmSync(root, { recursive: true });

const result = {
  question: "How long do a first start, a later start, a stop and a promotion of a primary with one replica take?",
  unit: "ms",
  rounds,
  machine: { cpu: cpus()[0]?.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 1_073_741_824) },
  versions: { node: process.version, postgres: version },
  commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
  date: new Date().toISOString().slice(0, 10),
  medians: Object.fromEntries(Object.entries(times).map(([name, values]) => [name, median(values)])),
  all: times,
};
writeFileSync(join(import.meta.dirname, "results", "engines.json"), `${JSON.stringify(result, null, 2)}\n`);
console.log(result.medians);

async function time(name: string, work: () => Promise<void>): Promise<void> {
  const start = performance.now();
  await work();
  (times[name] ??= []).push(Math.round(performance.now() - start));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}
