/**
 * What all benchmarks have in common: rows are chosen, the machine is looked at, all are shown to do the same work, rows are written as they
 * end, each into its place in the results, and in the end stands what was wanted beside what was reached.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { installPrograms, say } from "./machine.ts";
import { mergeRow, reportRow, type Versions } from "./report.ts";
import type { Row } from "./row.ts";
import { loadCore, type Site } from "./site.ts";
import type { Verdict } from "./target.ts";

export interface Benchmark<S extends Site, Name extends string, Settings extends CommonSettings> {
  readonly question: string;
  /** Where the results go unless `--out` says otherwise. */
  readonly results: string;
  readonly rows: readonly Row<S, Name>[];
  /** Program → the Debian package that has it. Without these nothing is measured. */
  readonly programs: Readonly<Record<string, string>>;
  /** The same of those that are done without: contenders whose name begins with theirs are left out then. */
  readonly peers?: Readonly<Record<string, readonly [program: string, debianPackage: string]>>;
  readonly versions: Versions;
  /** Numbers that the command line may change (`--rounds 3`). */
  readonly settings: Settings;
  /** Shows that all contenders do the same work, or throws. */
  readonly checkParity: (names: readonly Name[], folder: string) => Promise<void>;
  /** Makes what rows are measured with, for as long as that takes. */
  readonly onSite: (
    settings: Settings,
    folder: string,
    measure: (site: Omit<S, keyof Site>) => Promise<void>,
  ) => Promise<void>;
}

export const commonSettings = { rounds: 5, seconds: 5 };
export type CommonSettings = typeof commonSettings & Readonly<Record<string, number>>;

const connections = 64;

export async function runBenchmark<S extends Site, Name extends string, Settings extends CommonSettings>(
  benchmark: Benchmark<S, Name, Settings>,
): Promise<void> {
  const { rows, question, versions } = benchmark;
  const { only, contenders, out, settings } = readOptions(benchmark);
  const wanted = chooseRows(rows, only);
  const absent = checkMachine(benchmark);
  const isHere = (name: Name): boolean => !absent.some((peer) => name.startsWith(peer));
  const isAsked = (name: Name): boolean => contenders?.includes(name) ?? true;
  // This process watches; it must not do so on the core of who is measured.
  say("taskset", ["-acp", String(loadCore), String(process.pid)]);
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));

  const folder = await mkdtemp(join(tmpdir(), "tenfold-bench-"));
  // Whoever makes a folder makes it in there: nothing is left, however this ends.
  process.env["TMPDIR"] = folder;
  process.once("exit", () => void say("rm", ["-rf", folder]));
  const verdicts: (Verdict & { row: string })[] = [];
  const measure = async (row: Row<S, Name>, site: S): Promise<void> => {
    console.log(`\n${row.name}: ${row.title}`);
    const here = { ...row, contenders: row.contenders.filter((name) => isHere(name) && isAsked(name)) };
    const missing = row.contenders.filter((name) => !isHere(name));
    const measured = await row.measure(here, site);
    const report = reportRow(row, { measured, site, versions, missing });
    mergeRow(
      out,
      { question, name: row.name, report },
      rows.map(({ name }) => name),
    );
    console.table(report.results);
    for (const verdict of report.targets) verdicts.push({ row: row.name, ...verdict });
  };
  try {
    const names = new Set(wanted.flatMap((row) => row.contenders).filter((name) => isHere(name) && isAsked(name)));
    await benchmark.checkParity([...names], folder);
    await benchmark.onSite(settings, folder, async (rest) => {
      const { rounds, seconds } = settings;
      const site = { rounds, seconds, connections, log: (line: string) => console.log(line), ...rest } as S;
      for (const row of wanted) await measure(row, site);
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  console.table(verdicts);
  console.log(`Written to ${out}; \`npm run docs\` brings the pages up to date.`);
}

interface Options<Settings> {
  readonly only: readonly string[] | undefined;
  readonly contenders: readonly string[] | undefined;
  readonly out: string;
  readonly settings: Settings;
}

function readOptions<S extends Site, Name extends string, Settings extends CommonSettings>({
  results,
  settings,
}: Benchmark<S, Name, Settings>): Options<Settings> {
  const numbers = Object.keys(settings).map((name) => [name, { type: "string" }] as const);
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      contenders: { type: "string" },
      out: { type: "string", default: results },
      ...(Object.fromEntries(numbers) as Readonly<Record<string, { readonly type: "string" }>>),
    },
  });
  const { only, contenders, out, ...rest } = values;
  const given = Object.entries(rest).map(([name, value]) => [name, Number(value)] as const);
  return {
    only: only?.split(","),
    contenders: contenders?.split(";"),
    out,
    settings: { ...settings, ...Object.fromEntries(given) },
  };
}

function chooseRows<R extends { readonly name: string; readonly isOnlyWhenAsked?: true }>(
  rows: readonly R[],
  only: readonly string[] | undefined,
): readonly R[] {
  const names = only ?? rows.filter(({ isOnlyWhenAsked }) => isOnlyWhenAsked !== true).map(({ name }) => name);
  const unknown = names.filter((name) => !rows.some((row) => row.name === name));
  if (unknown.length > 0) giveUp(`No row ${unknown.join(", ")}; there are ${rows.map(({ name }) => name).join(", ")}.`);
  return rows.filter(({ name }) => names.includes(name));
}

/** @returns the peers that are done without */
function checkMachine({ programs, peers = {} }: Pick<Benchmark<Site, string, CommonSettings>, "programs" | "peers">) {
  const missing = installPrograms({ ...programs, taskset: "util-linux", prlimit: "util-linux" });
  if (missing.length > 0) {
    giveUp(
      `Not measured: ${missing.join(", ")} not installed, and this is no Debian machine with root. Install and try again.`,
    );
  }
  if (cpus().length < 2)
    giveUp("Not measured: one core is who is measured's, another the load's; this machine has one.");
  const absent = installPrograms(Object.fromEntries(Object.values(peers)));
  return Object.keys(peers).filter((name) => absent.includes(peers[name]![0]));
}

function giveUp(reason: string): never {
  console.error(reason);
  process.exit(1);
}
