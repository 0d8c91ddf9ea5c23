import { parseBytes, parseDuration } from "../kernel/index.ts";
import { defaults } from "./defaults.ts";
import { type FilledCache, fillCache, type FilledCompression } from "./fill-cache.ts";
import type { RouteOptions } from "./options.ts";
import type { ResolvedCache, ResolvedCompression } from "./resolved.ts";

export function resolveCache(filled: FilledCache | false): ResolvedCache | false {
  if (filled === false) return false;
  const { ttl, heuristic } = filled;
  return {
    ...(ttl === undefined ? {} : { ttlMs: parseDuration(ttl)! }),
    staleWhileRevalidateMs: parseDuration(filled.staleWhileRevalidate)!,
    staleIfErrorMs: parseDuration(filled.staleIfError)!,
    ...(heuristic === false ? {} : { heuristicMaxMs: parseDuration(heuristic)! }),
    stripSetCookie: filled.setCookie === "strip",
    ignoresCookies: filled.cookies === "ignore",
    key: [...new Set(filled.key.map(toKeyPart))],
  };
}

/** What the route does not say, its service does; where that has none, it is as everywhere. */
export function resolveRouteCache(
  written: RouteOptions["cache"],
  ofService: FilledCache | false,
): ResolvedCache | false {
  return resolveCache(fillCache(written, ofService === false ? defaults.cache : ofService));
}

export function resolveCompression(filled: FilledCompression | false): ResolvedCompression {
  if (filled === false) return { of: "nothing", types: [], minBytes: 0 };
  return {
    of: filled.of,
    types: filled.types.map((type) => type.toLowerCase()),
    minBytes: parseBytes(filled.minSize)!,
  };
}

/** `"header:X-Tenant"` → `"x-tenant"`. No field's name holds a colon, so that none can be taken for a cookie. Cookies' names know cases. */
function toKeyPart(part: string): string {
  return part.startsWith("header:") ? part.slice("header:".length).toLowerCase() : part;
}
