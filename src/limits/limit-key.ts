import { hash } from "node:crypto";

/**
 * What a quota is counted by: `anonymous|203.0.113.7`, `partner/gold|key-1|/search`. Values come from clients, so what would
 * join or part them is escaped: two callers never share a key, and none can write another's. Long ones stand there as their digest, as a table
 * of keys must not be filled with a few.
 */
export function keyPart(value: string): string {
  if (value.length > maxPlain) return `%#${hash("sha256", value, "base64url")}`;
  return /[%|]/.test(value) ? value.replace(/[%|]/g, encodeURIComponent) : value;
}

const maxPlain = 100;

/** Which limit a key belongs to, whatever the tier; `""`: it does not say. */
export function limitOf(key: string): string {
  const end = key.indexOf("|");
  if (end === -1) return "";
  const slash = key.lastIndexOf("/", end);
  return key.slice(0, slash === -1 ? end : slash);
}

/** What the keys of a limit, or of a tier of it, begin with, before the first `|`. */
export function scopeOf(limit: string, tier?: string): string {
  return tier === undefined ? scopePart(limit) : `${scopePart(limit)}/${scopePart(tier)}`;
}

function scopePart(name: string): string {
  return /[%|/]/.test(name) ? name.replace(/[%|/]/g, encodeURIComponent) : name;
}
