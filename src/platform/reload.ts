import { isDeepStrictEqual } from "node:util";
import type { ResolvedConfig, ResolvedService } from "../config/index.ts";

/** Paths that differ and that only a restart can change: they belong to what stays up during a reload. */
export function pathsThatNeedRestart(before: ResolvedConfig, after: ResolvedConfig): string[] {
  const changed = (["name", "database", "control", "orphanGraceMs"] as const).filter(
    (path) => !isDeepStrictEqual(before[path], after[path]),
  );
  return changed.map((path) => (path === "orphanGraceMs" ? "orphanGrace" : path));
}

export interface ServiceChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly changed: readonly string[];
  readonly unchanged: readonly string[];
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
    unchanged: stayed.filter((name) => isDeepStrictEqual(before[name], after[name])),
  };
}
