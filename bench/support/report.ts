import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commit, describeMachine, type Machine, say } from "./machine.ts";
import type { Row } from "./row.ts";
import { loadCore, proxyCore, type Site } from "./site.ts";
import { judge, type Measured, type Results, type Verdict } from "./target.ts";

/** What a file in `bench/results` holds: each row with what it was measured on, since rows are measured at different times. */
export interface Report {
  readonly question: string;
  readonly rows: Readonly<Record<string, RowReport>>;
}

export interface RowReport {
  readonly title: string;
  readonly date: string;
  readonly commit: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly setting: Readonly<Record<string, number>>;
  readonly note?: string;
  readonly results: Results;
  readonly series?: Readonly<Record<string, number>>;
  /** Contenders that are not installed. */
  readonly missing?: readonly string[];
  readonly targets: readonly Verdict[];
}

/** Whose versions matter. */
export interface Versions {
  /** Name → what to run to be told. */
  readonly programs: Readonly<Record<string, readonly [command: string, ...args: string[]]>>;
  /** Of npm. */
  readonly packages: readonly string[];
}

interface Circumstances {
  readonly measured: Measured;
  readonly site: Site;
  readonly versions: Versions;
  readonly missing: readonly string[];
}

export function reportRow<S extends Site, Name extends string>(
  { title, targets, note }: Row<S, Name>,
  { measured, site, versions, missing }: Circumstances,
): RowReport {
  const { results, series } = measured;
  const { rounds, seconds, connections } = site;
  return {
    title,
    date: new Date().toISOString(),
    commit: commit(),
    machine: describeMachine(),
    versions: read(versions),
    setting: { rounds, seconds, connections, ...measured.setting, proxyCore, loadCore },
    ...(note === undefined ? {} : { note }),
    results,
    ...(series === undefined ? {} : { series }),
    ...(missing.length === 0 ? {} : { missing }),
    targets: judge(targets, measured),
  };
}

interface NewRow {
  readonly question: string;
  readonly name: string;
  readonly report: RowReport;
}

/** Puts one row in its place; what the file knows of the others stays. */
export function mergeRow(file: string, { question, name, report }: NewRow, order: readonly string[]): Report {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Report>).rows : undefined;
  const rows: Record<string, RowReport> = { ...known, [name]: report };
  const sorted = order.filter((each) => rows[each] !== undefined).map((each) => [each, rows[each]!] as const);
  const merged = { question, rows: Object.fromEntries(sorted) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(merged, undefined, 2)}\n`);
  return merged;
}

function read({ programs, packages }: Versions): Record<string, string> {
  const installed = (name: string): string => {
    const file = join(import.meta.dirname, "../../node_modules", name, "package.json");
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  };
  const number = (command: string, args: readonly string[]): string =>
    /\d+\.\d+[\w.+~-]*/.exec(say(command, args) ?? "")?.[0] ?? "unknown";
  return {
    node: process.version,
    ...Object.fromEntries(Object.entries(programs).map(([name, [command, ...args]]) => [name, number(command, args)])),
    ...Object.fromEntries(packages.map((name) => [name, installed(name)])),
  };
}
