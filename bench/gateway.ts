/**
 * How fast is the gateway beside others, and does it stay so? One row per question (`gateway/rows`), each with its targets.
 *
 * The proxy has core 0 for itself; the load (wrk) and the origin (nginx, canned answers) share core 1. Before anything is timed, all
 * contenders are shown to do the same work (`gateway/parity`). Rows are written as they end, each into its place in the results.
 *
 *     node bench/gateway.ts [--only json,post] [--rounds 5] [--seconds 5] [--steady-seconds 300] [--out bench/results/gateway.json]
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type BenchSite, loadCore, type Upstream } from "./gateway/bench-site.ts";
import { contenders, type ContenderName } from "./gateway/contenders.ts";
import { startOrigin } from "./gateway/origin.ts";
import { assertParity } from "./gateway/parity/parity.ts";
import { startRecorder } from "./gateway/parity/recorder.ts";
import { mergeRow, reportRow } from "./gateway/report.ts";
import type { Row } from "./gateway/row.ts";
import { rows } from "./gateway/rows/rows.ts";
import type { Verdict } from "./gateway/target.ts";
import { installPrograms, say } from "./support/machine.ts";

const { values: options } = parseArgs({
  options: {
    only: { type: "string" },
    rounds: { type: "string", default: "5" },
    seconds: { type: "string", default: "5" },
    "steady-seconds": { type: "string", default: "300" },
    out: { type: "string", default: join(import.meta.dirname, "results/gateway.json") },
  },
});

const wanted = chooseRows(options.only);
checkMachine();
// This process watches; it must not do so on the proxy's core.
say("taskset", ["-acp", String(loadCore), String(process.pid)]);
process.once("SIGINT", () => process.exit(130));

const folder = await mkdtemp(join(tmpdir(), "tenfold-bench-"));
// Whoever makes a folder makes it in there: nothing is left, however this ends.
process.env["TMPDIR"] = folder;
process.once("exit", () => void say("rm", ["-rf", folder]));
try {
  await checkParity([...new Set(wanted.flatMap((row) => row.contenders))]);
  const { origin, upstream } = await startOrigin(folder);
  const verdicts: (Verdict & { row: string })[] = [];
  try {
    for (const row of wanted) {
      for (const verdict of await measureRow(row, siteOf(upstream))) verdicts.push({ row: row.name, ...verdict });
    }
  } finally {
    await origin.stop();
  }
  console.table(verdicts);
  console.log(`Written to ${options.out}; \`npm run docs\` brings the page and the chart up to date.`);
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function measureRow(row: Row, site: BenchSite): Promise<readonly Verdict[]> {
  console.log(`\n${row.name}: ${row.title}`);
  const report = reportRow(row, await row.measure(row, site), site);
  mergeRow(
    options.out,
    row.name,
    report,
    rows.map(({ name }) => name),
  );
  console.table(report.results);
  return report.targets;
}

async function checkParity(names: readonly ContenderName[]): Promise<void> {
  await using recorder = await startRecorder(join(folder, "recorder.sock"));
  for (const name of names) {
    const running = await contenders[name](recorder);
    await assertParity(name, running.port, recorder).finally(() => running.stop());
  }
  console.log(`Parity: ${names.length} contenders pass on the same bytes, both ways, and add the same fields.`);
}

function siteOf(upstream: Upstream): BenchSite {
  return {
    upstream,
    rounds: Number(options.rounds),
    seconds: Number(options.seconds),
    steadySeconds: Number(options["steady-seconds"]),
    connections: 64,
    idleConnections: 10_000,
    log: (line) => console.log(line),
  };
}

function chooseRows(only: string | undefined): readonly Row[] {
  const names = only?.split(",") ?? rows.map(({ name }) => name);
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) giveUp(`No row ${unknown.join(", ")}; there are ${rows.map(({ name }) => name).join(", ")}.`);
  return rows.filter(({ name }) => names.includes(name));
}

function checkMachine(): void {
  const programs = { wrk: "wrk", nginx: "nginx-light", haproxy: "haproxy", caddy: "caddy", taskset: "util-linux" };
  const missing = installPrograms({ ...programs, prlimit: "util-linux" });
  if (missing.length > 0) {
    giveUp(
      `Not measured: ${missing.join(", ")} not installed, and this is no Debian machine with root. Install and try again.`,
    );
  }
  if (cpus().length < 2) giveUp("Not measured: one core is the proxy's, another the load's; this machine has one.");
}

function giveUp(reason: string): void {
  console.error(reason);
  process.exit(1);
}
