import { parseDictionary } from "structured-headers";
import { fieldValue } from "../http/index.ts";
import type { Directives } from "./directives.ts";

/** Fields that speak to caches like this one alone, the most specific first (RFC 9213 §2.2). */
const targetList = ["tenfold-cdn-cache-control", "cdn-cache-control"] as const;

/**
 * What the first of them says that is there, valid and not empty. Then Cache-Control and Expires say nothing to this cache.
 *
 * Such a field is a Dictionary (RFC 9651 §3.2), not a list of directives: one error makes the whole field invalid, and the next is asked.
 *
 * @param raw name, value, name, value
 */
export function readTargetedField(raw: readonly string[]): Directives | undefined {
  for (const name of targetList) {
    const value = fieldValue(raw, name);
    const directives = value === undefined ? undefined : parse(value);
    if (directives !== undefined && directives.size > 0) return directives;
  }
  return undefined;
}

function parse(value: string): Directives | undefined {
  const directives = new Map<string, readonly (string | undefined)[]>();
  try {
    for (const [name, [said]] of parseDictionary(value)) {
      if (said === false) continue;
      directives.set(name, [said === true ? undefined : textOf(said)]);
    }
    return directives;
  } catch {
    return undefined;
  }
}

/** What is of another type than the directive has is not to be read as if it were of that one (RFC 9213 §2.1): `"60"` is no number. */
function textOf(said: unknown): string {
  if (Array.isArray(said)) return "()";
  return typeof said === "string" && /^\d+$/.test(said) ? `"${said}"` : String(said);
}
