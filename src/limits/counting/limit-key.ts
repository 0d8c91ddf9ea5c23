import { hash } from "node:crypto";

/**
 * What a quota is counted by: limit and tier, and who. As one text `anonymous|203.0.113.7`, `partner/gold|key-1|/search`: that is how it travels to
 * stores elsewhere; in memory it is never put together, as that costs more than to decide.
 */
export interface LimitKey {
  readonly scope: string;
  readonly caller: string;
}

export function keyText({ scope, caller }: LimitKey): string {
  return `${scope}|${caller}`;
}

export function parseKey(text: string): LimitKey {
  const end = text.indexOf("|");
  return { scope: text.slice(0, Math.max(0, end)), caller: text.slice(end + 1) };
}

/**
 * A part of what tells callers apart. Values come from clients, so what would join or part them is escaped: two callers never share a key, and none
 * can write another's. Long ones stand there as their digest, as a table of keys must not be filled with a few.
 */
export function keyPart(value: string): string {
  if (value.length > maxPlain) return `%#${hash("sha256", value, "base64url")}`;
  return value.includes("|") || value.includes("%") ? value.replace(/[%|]/g, encodeURIComponent) : value;
}

const maxPlain = 100;

/** What keys of a limit, or of a tier of it, have for their scope. */
export function scopeOf(limit: string, tier?: string): string {
  return tier === undefined ? scopePart(limit) : `${scopePart(limit)}/${scopePart(tier)}`;
}

/** Which limit a scope belongs to, whatever the tier, as `scopeOf` writes it. */
export function limitOf(scope: string): string {
  const slash = scope.indexOf("/");
  return slash === -1 ? scope : scope.slice(0, slash);
}

function scopePart(name: string): string {
  return /[%|/]/.test(name) ? name.replace(/[%|/]/g, encodeURIComponent) : name;
}
