import { fieldValue } from "../http/index.ts";
import { readGroups } from "./tags.ts";

export interface Invalidated {
  /** In full, without a fragment. */
  readonly urls: readonly string[];
  readonly tags: readonly string[];
}

const nothing: Invalidated = { urls: [], tags: [] };
const safe: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/**
 * What a request that may have changed something makes invalid, once it has been answered without an error: its target, and what the answer
 * names of the same origin in Location and Content-Location (RFC 9111 §4.4), and in Cache-Group-Invalidation (RFC 9875 §3).
 *
 * @param origin of the request, as in `https://a.example`: what is stored for it is stored under this
 * @param raw the answer's fields: name, value, name, value
 */
export function findInvalidated(
  { method, origin, target }: { readonly method: string; readonly origin: string; readonly target: string },
  { status, raw }: { readonly status: number; readonly raw: readonly string[] },
): Invalidated {
  if (safe.has(method) || status < 200 || status >= 400) return nothing;
  const url = URL.parse(origin + target);
  const named = ["location", "content-location"].flatMap((name) => {
    const value = fieldValue(raw, name);
    const found = value === undefined || url === null ? null : URL.parse(value, url.href);
    // An origin can make invalid only what is its own.
    return found === null || found.origin !== url?.origin ? [] : [origin + found.pathname + found.search];
  });
  return {
    urls: [...new Set([origin + target, ...named])],
    tags: readGroups(raw, "cache-group-invalidation", origin),
  };
}
