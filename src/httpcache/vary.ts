import { fieldValue, readWeights } from "../http/index.ts";

/** What the gateway writes for each client: origins are given another value than the client has said, so that requests cannot be compared by it. */
const writtenHere: ReadonlySet<string> = new Set(["forwarded", "x-forwarded-for", "x-request-id"]);

/**
 * The request fields that an answer was chosen by (RFC 9110 §12.5.5), in lower case, each once, in order of the alphabet.
 *
 * @param raw the answer's fields: name, value, name, value
 * @returns `"*"`: it depends on more than fields, and no request can be known to be answered alike
 */
export function readVary(raw: readonly string[]): "*" | readonly string[] {
  const value = fieldValue(raw, "vary");
  if (value === undefined) return none;
  const names = value.split(",").map((name) => name.trim().toLowerCase());
  if (names.some((name) => name === "*" || writtenHere.has(name))) return "*";
  return [...new Set(names.filter((name) => name !== ""))].toSorted();
}

const none: readonly string[] = [];

/**
 * What two requests have in common that may be given the same answer (RFC 9111 §4.1): the values of the fields that it varies by. What
 * means the same is spelt the same.
 *
 * @param names as `readVary` has them; `cookie:<name>` is one cookie
 * @param raw the request's fields: name, value, name, value
 */
export function variantKey(names: readonly string[], raw: readonly string[]): string {
  let key = "";
  for (const name of names) {
    const value = name.startsWith(cookiePrefix) ? cookieValue(raw, name) : fieldValue(raw, name);
    // Absent is not the same as empty. No value holds a line feed.
    key += value === undefined ? "\n" : `${normalise(name, value)}\n\n`;
  }
  return key;
}

/** No field's name holds a colon. */
const cookiePrefix = "cookie:";

/** All of them when a cookie is there more than once: which one counts, servers do not agree on. */
function cookieValue(raw: readonly string[], name: string): string | undefined {
  const wanted = `${name.slice(cookiePrefix.length)}=`;
  const found = (fieldValue(raw, "cookie") ?? "").split(";").flatMap((pair) => {
    const text = pair.trim();
    return text.startsWith(wanted) ? [text.slice(wanted.length)] : [];
  });
  return found.length === 0 ? undefined : found.join(";");
}

function normalise(name: string, value: string): string {
  switch (name) {
    case "accept-encoding":
      return normaliseCodings(value);
    case "accept-language":
      return normaliseLanguages(value);
    default:
      return value.replaceAll(/[\t ]*,[\t ,]*/g, ",").trim();
  }
}

const knownCodings = ["br", "deflate", "gzip", "zstd"] as const;

/**
 * The codings that are accepted. An answer in any of them suits whoever accepts the same ones, however they are weighed; of those that no
 * origin speaks none is ever chosen.
 */
function normaliseCodings(value: string): string {
  const weights = new Map(readWeights(value).map(({ name, weight }) => [name === "x-gzip" ? "gzip" : name, weight]));
  const others = weights.get("*") ?? 0;
  const accepted: string[] = knownCodings.filter((coding) => (weights.get(coding) ?? others) > 0);
  const isPlainRefused = (weights.get("identity") ?? (weights.has("*") ? others : 1)) === 0;
  return [...accepted, ...(isPlainRefused ? ["identity;q=0"] : [])].join();
}

/** In the order of preference, which alone matters. */
function normaliseLanguages(value: string): string {
  return readWeights(value)
    .toSorted((a, b) => b.weight - a.weight)
    .map(({ name, weight }) => (weight === 1 ? name : `${name};q=${weight}`))
    .join();
}
