import { isDeepStrictEqual } from "node:util";
import type { ResolvedConfig, ResolvedService } from "../config/index.ts";
import { unknownService } from "../fleet/index.ts";
import { nearest } from "../kernel/index.ts";

/** Paths that differ and that only a restart can change: they belong to what stays up during a reload. */
export function pathsThatNeedRestart(before: ResolvedConfig, after: ResolvedConfig): string[] {
  const values = (config: ResolvedConfig): Record<string, unknown> => ({
    name: config.name,
    database: config.database,
    control: config.control,
    orphanGrace: config.orphanGraceMs,
    "gateway.port": config.gateway.port,
    "gateway.host": config.gateway.host,
    // One of several sockets on a port cannot be closed without a failure for those who wait in its queue.
    "gateway.processes": config.gateway.processes,
  });
  const [old, now] = [values(before), values(after)];
  return Object.keys(now).filter((path) => !isDeepStrictEqual(old[path], now[path]));
}

/** @throws FLEET_UNKNOWN_SERVICE when a service is named and there is none of the name */
export function checkService(service: string | undefined, { services }: ResolvedConfig): void {
  if (service === undefined || Object.hasOwn(services, service)) return;
  const names = Object.keys(services);
  throw unknownService(service, names, nearest(service, names));
}

export interface ServiceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
}

export function changesOf(
  before: Readonly<Record<string, ResolvedService>>,
  after: Readonly<Record<string, ResolvedService>>,
): ServiceChanges {
  const stayed = Object.keys(after).filter((name) => before[name] !== undefined);
  return {
    added: Object.keys(after).filter((name) => before[name] === undefined),
    removed: Object.keys(before).filter((name) => after[name] === undefined),
    changed: stayed.filter((name) => !isDeepStrictEqual(before[name], after[name])),
  };
}
