import { formatDuration } from "../kernel/index.ts";
import type { CacheReport, DatabaseStatus, LimitsReport, OverloadReport, PlatformStatus } from "../platform/index.ts";
import { cacheText } from "./cache-text.ts";
import { hitLimitsText } from "./limits-text.ts";
import { overloadText } from "./overload-text.ts";
import { ago, megabytes, paint, table } from "./terminal.ts";

const colours: Readonly<Record<string, "green" | "yellow" | "red" | "dim">> = {
  ready: "green",
  running: "green",
  starting: "yellow",
  draining: "yellow",
  backoff: "red",
  crashed: "red",
  failed: "red",
  stopped: "dim",
};

/** What gateways have counted; `null`: nobody has said. */
export interface Counted {
  readonly cache: CacheReport | null;
  readonly limits: LimitsReport | null;
  readonly overload: OverloadReport | null;
}

const nothingCounted: Counted = { cache: null, limits: null, overload: null };

/** The status for people: a head, then tables of services, instances and the database. */
export function statusText(
  status: PlatformStatus,
  now: number,
  { cache, limits, overload }: Counted = nothingCounted,
): string {
  const head = `${paint("bold", status.name)} is ${state(status.state)}${status.url === undefined ? "" : ` at ${paint("cyan", status.url)}`} (process ${status.pid}, up ${ago(now - status.startedAt)})`;
  return [
    head,
    "",
    instances(status, now),
    "",
    gateways(status),
    cacheText(cache),
    hitLimitsText(limits),
    overloadText(overload),
    databaseText(status.database),
  ]
    .filter((part) => part !== undefined)
    .join("\n");
}

function state(name: string, isHealthy = true): string {
  return isHealthy ? paint(colours[name] ?? "dim", name) : paint("red", `${name}, unhealthy`);
}

function instances(status: PlatformStatus, now: number): string {
  const rows = status.services.flatMap((service) => {
    if (service.directory !== undefined)
      return [[service.name, "files", "", "", service.directory, "", "", "", "", ""]];
    return service.instances.map((instance) => [
      service.name,
      instance.id,
      state(instance.state, instance.healthy),
      instance.pid === undefined ? "" : String(instance.pid),
      instance.address,
      ago(now - instance.since),
      String(instance.restarts),
      instance.figures === undefined ? "" : `${Math.round(instance.figures.cpu * 100)}%`,
      instance.figures === undefined ? "" : megabytes(instance.figures.rssBytes),
      instance.figures === undefined ? "" : `${Math.round(instance.figures.eventLoopUtilization * 100)}%`,
    ]);
  });
  return table([
    ["SERVICE", "INSTANCE", "STATE", "PID", "ADDRESS", "SINCE", "RESTARTS", "CPU", "MEMORY", "LOOP"],
    ...rows,
  ]);
}

function gateways(status: PlatformStatus): string {
  return table([
    ["GATEWAY", "STATE", "PID", "SNAPSHOT", "RESTARTS"],
    ...status.gateways.map((each) => [
      each.id,
      state(each.state),
      String(each.pid ?? ""),
      String(each.snapshot),
      String(each.restarts),
    ]),
  ]);
}

function databaseText(database: DatabaseStatus): string | undefined {
  if (database.kind === "none") return undefined;
  if (database.kind === "external") return `\nDatabase: yours, Postgres ${database.version}`;
  return `\n${table([
    ["DATABASE", "ROLE", "STATE", "PID", "ADDRESS", "LAG"],
    ...database.nodes.map((node) => [
      node.name,
      node.role,
      state(node.state),
      String(node.pid ?? ""),
      `127.0.0.1:${node.port}`,
      node.lagMs === undefined ? "" : formatDuration(Math.round(node.lagMs)),
    ]),
  ])}`;
}
