import { parseList } from "structured-headers";
import { fieldValue } from "../http/index.ts";

/** Beyond that, the rest of an answer's tags count for nothing: each costs memory, and a place in an index. */
const maxTags = 256;
const maxTagLength = 256;

/**
 * The names by which an answer can be purged: of `Cache-Tag` (commas), `Surrogate-Key` (spaces), and `Cache-Groups` (RFC 9875), whose
 * groups are those of one origin.
 *
 * @param raw the answer's fields: name, value, name, value
 * @param origin that it belongs to, as in `https://a.example`
 */
export function readTags(raw: readonly string[], origin: string): readonly string[] {
  const tags = [
    // First, since so many groups must be taken whatever else is there (RFC 9875 §2).
    ...readGroups(raw, "cache-groups", origin),
    ...listOf(fieldValue(raw, "cache-tag"), ","),
    ...listOf(fieldValue(raw, "surrogate-key"), /[\s,]+/),
  ];
  return [...new Set(tags)].slice(0, maxTags);
}

/**
 * The groups that an answer names, as tags (RFC 9875 §2, §3). A field that is invalid names none (RFC 9651 §4.2).
 *
 * @param name `cache-groups`, or `cache-group-invalidation` of the answer to an unsafe request
 */
export function readGroups(raw: readonly string[], name: string, origin: string): readonly string[] {
  const value = fieldValue(raw, name);
  if (value === undefined) return [];
  try {
    return parseList(value).flatMap(([group]) => (isNamed(group) ? [groupTag(group, origin)] : []));
  } catch {
    return [];
  }
}

/** No tag of another field holds a space, so none can be taken for a group. */
function groupTag(group: string, origin: string): string {
  return `group ${origin} ${group}`;
}

function listOf(value: string | undefined, separator: string | RegExp): string[] {
  if (value === undefined) return [];
  return value
    .split(separator)
    .map((tag) => tag.trim().replaceAll(/\s+/g, "-"))
    .filter(isNamed);
}

function isNamed(tag: unknown): tag is string {
  return typeof tag === "string" && tag !== "" && tag.length <= maxTagLength;
}
