import { fieldValue } from "../http/index.ts";
import { parseDirectives, secondsOf } from "./directives.ts";

/** What a client asks of caches (RFC 9111 §5.2.1). */
export interface RequestDirectives {
  readonly isNoStore: boolean;
  readonly isNoCache: boolean;
  /** Nothing but what is stored. */
  readonly isOnlyIfCached: boolean;
  /** No older than that. */
  readonly maxAgeMs: number;
  /** Fresh for that long still. */
  readonly minFreshMs: number;
  /** Stale for no longer than that. */
  readonly maxStaleMs: number;
}

export const noDirectives: RequestDirectives = {
  isNoStore: false,
  isNoCache: false,
  isOnlyIfCached: false,
  maxAgeMs: Infinity,
  minFreshMs: 0,
  maxStaleMs: 0,
};

/** A longer field is no wish but an attempt on the parser. */
const maxLength = 1_024;

/** @param raw the request's fields: name, value, name, value */
export function readRequestDirectives(raw: readonly string[]): RequestDirectives {
  const value = fieldValue(raw, "cache-control");
  // Pragma counts only where Cache-Control does not stand (§5.4).
  if (value === undefined) {
    const pragma = fieldValue(raw, "pragma");
    return pragma !== undefined && /(?:^|,)\s*no-cache\s*(?:,|$)/i.test(pragma.slice(0, maxLength))
      ? { ...noDirectives, isNoCache: true }
      : noDirectives;
  }
  if (value.length > maxLength) return noDirectives;
  const directives = parseDirectives(value);
  const ms = (name: string): number | undefined => {
    const seconds = secondsOf(directives, name, undefined);
    return seconds === undefined ? undefined : seconds * 1_000;
  };
  // Without a number, any staleness is fine.
  const isAnyStale = directives.get("max-stale")?.[0] === undefined && directives.has("max-stale");
  return {
    isNoStore: directives.has("no-store"),
    isNoCache: directives.has("no-cache"),
    isOnlyIfCached: directives.has("only-if-cached"),
    maxAgeMs: ms("max-age") ?? Infinity,
    minFreshMs: ms("min-fresh") ?? 0,
    maxStaleMs: isAnyStale ? Infinity : (ms("max-stale") ?? 0),
  };
}
