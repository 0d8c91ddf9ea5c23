import { resolve as resolvePath } from "node:path";
import { defaults } from "./defaults.ts";
import type { FilledService } from "./fill.ts";
import type { ResolvedRoute, ResolvedStatic } from "./resolved.ts";
import { parsePathPattern } from "./route-pattern.ts";

/** What a service without instances is not asked about, in case the gateway has to connect to itself again. */
export const withoutInstances = {
  balance: defaults.gateway.balance,
  health: false,
  retries: defaults.retries,
  circuit: defaults.circuit,
} as const;

export function resolveStatic(
  { directory, base, immutable, ...files }: NonNullable<FilledService["static"]>,
  root: string,
): ResolvedStatic {
  return {
    ...files,
    directory: resolvePath(root, directory),
    base: base.replace(/(?<=.)\/$/, ""),
    immutable: typeof immutable === "boolean" ? immutable : immutable.map(toPathCondition),
  };
}

function toPathCondition(pattern: string): NonNullable<ResolvedRoute["path"]> {
  // The pattern of every path is no condition, and the prefix of all.
  const condition = parsePathPattern(pattern) as ResolvedRoute["path"];
  return condition ?? { kind: "prefix", value: "" };
}
