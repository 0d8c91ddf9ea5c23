import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { commit, describeMachine, type Machine, say } from "../support/machine.ts";
import { type BenchSite, loadCore, proxyCore } from "./bench-site.ts";
import type { Row } from "./row.ts";
import { judge, type Measured, type Results, type Verdict } from "./target.ts";

/** What `bench/results/gateway.json` holds: each row with what it was measured on, since rows are measured at different times. */
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
  readonly targets: readonly Verdict[];
}

const question = "How many requests does a gateway forward on one core, and what does each cost?";

export function reportRow({ title, targets, note }: Row, measured: Measured, site: BenchSite): RowReport {
  const { results, series } = measured;
  const { rounds, seconds, connections } = site;
  return {
    title,
    date: new Date().toISOString(),
    commit: commit(),
    machine: describeMachine(),
    versions: versions(),
    setting: { rounds, seconds, connections, proxyCore, loadCore },
    ...(note === undefined ? {} : { note }),
    results,
    ...(series === undefined ? {} : { series }),
    targets: judge(targets, measured),
  };
}

/** Puts one row in its place; what the file knows of the others stays. */
export function mergeRow(file: string, name: string, row: RowReport, order: readonly string[]): Report {
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<Report>).rows : undefined;
  const rows: Record<string, RowReport> = { ...known, [name]: row };
  const sorted = order.filter((each) => rows[each] !== undefined).map((each) => [each, rows[each]!] as const);
  const report = { question, rows: Object.fromEntries(sorted) };
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  return report;
}

function versions(): Record<string, string> {
  const installed = (name: string): string => {
    const file = join(import.meta.dirname, "../../node_modules", name, "package.json");
    return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
  };
  const number = (command: string, args: readonly string[]): string =>
    /\d+\.\d+[\w.+~-]*/.exec(say(command, args) ?? "")?.[0] ?? "unknown";
  return {
    node: process.version,
    nginx: number("nginx", ["-v"]),
    haproxy: number("haproxy", ["-v"]),
    caddy: number("caddy", ["version"]),
    ...Object.fromEntries(
      ["undici", "@fastify/reply-from", "fastify", "http-proxy-3"].map((name) => [name, installed(name)]),
    ),
  };
}
