import { type Path, pathText, type Problem } from "./problem.ts";

/**
 * A config is plain data: text, numbers, truth values, lists and objects. Anything else (a function, a class instance, a promise, a cycle)
 * could not be printed, compared or sent to another process.
 */
export function findUnplain(value: unknown, path: Path = [], above: readonly object[] = []): Problem[] {
  const found = describeUnplain(value, above);
  if (found !== undefined) {
    const where = pathText(path) || "default export";
    return [{ path: where, found, expected: "plain data: text, numbers, true or false, lists and objects" }];
  }
  if (typeof value !== "object" || value === null) return [];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, each]) => findUnplain(each, [...path, key], [...above, value]));
}

function describeUnplain(value: unknown, above: readonly object[]): string | undefined {
  if (typeof value === "function") return `a function${value.name === "" ? "" : ` (${value.name})`}`;
  if (typeof value === "symbol") return "a symbol";
  if (typeof value === "bigint") return `a bigint (${value}n)`;
  if (typeof value !== "object" || value === null) return undefined;
  if (above.includes(value)) return "a reference to what contains it";
  if (value instanceof Promise) return "a promise: write `await` before it";
  if (Array.isArray(value)) return undefined;
  const prototype = Object.getPrototypeOf(value) as { constructor?: { name?: string } } | null;
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return undefined;
  return `an instance of ${prototype.constructor?.name ?? "a class"}`;
}
