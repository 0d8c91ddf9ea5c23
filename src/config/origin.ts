import { type Path, pathText } from "./problem.ts";

/** Where a value came from. */
export type Origin =
  | { readonly kind: "default" }
  | { readonly kind: "file"; readonly file: string }
  /** `file`: the env file that gave the variable; not given: the real environment. */
  | { readonly kind: "environment"; readonly variable: string; readonly file?: string }
  | { readonly kind: "flag"; readonly flag: string };

/** Path of each value → where it came from. */
export type Origins = ReadonlyMap<string, Origin>;

/** A single value of a config: everything that is not an object with names. Lists of values are one leaf each item. */
export interface Leaf {
  readonly path: Path;
  readonly value: unknown;
}

export function leavesOf(value: unknown, path: Path = []): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, value }];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0) return [{ path, value }];
  return entries.flatMap(([key, each]) => leavesOf(each, [...path, key]));
}

/**
 * What is in the file came from the file, unless something was laid over it; what is in neither is a default.
 *
 * @param overlaid origins of values that came from elsewhere; each holds for everything below its path
 */
export function traceOrigins(filled: unknown, written: unknown, overlaid: Origins, file: string): Origins {
  return new Map(
    leavesOf(filled).map((leaf) => {
      const above = leaf.path.map((_, index) => overlaid.get(pathText(leaf.path.slice(0, index + 1))));
      const overlay = above.find((origin) => origin !== undefined);
      return [
        pathText(leaf.path),
        overlay ?? (isWritten(leaf, written) ? { kind: "file", file } : { kind: "default" }),
      ];
    }),
  );
}

function isWritten({ path, value }: Leaf, written: unknown): boolean {
  let at = written;
  for (const step of path) {
    if (at === undefined) return false;
    // A short form, such as `health: "/readyz"` for `health.path`: only the value that it stands for was written.
    if (typeof at !== "object" || at === null) return at === value;
    at = (at as Record<string | number, unknown>)[step];
  }
  return at !== undefined;
}

export function originText(origin: Origin): string {
  if (origin.kind === "file") return origin.file;
  if (origin.kind === "flag") return origin.flag;
  if (origin.kind === "default") return "default";
  return `environment variable ${origin.variable}${origin.file === undefined ? "" : ` (from ${origin.file})`}`;
}
