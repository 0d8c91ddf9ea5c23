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
 * @param url of the request, in full
 * @param raw the answer's fields: name, value, name, value
 */
export function findInvalidated(
  { method, url }: { readonly method: string; readonly url: string },
  { status, raw }: { readonly status: number; readonly raw: readonly string[] },
): Invalidated {
  if (safe.has(method) || status < 200 || status >= 400) return nothing;
  const target = URL.parse(url);
  if (target === null) return nothing;
  const named = ["location", "content-location"].flatMap((name) => {
    const value = fieldValue(raw, name);
    const found = value === undefined ? null : URL.parse(value, target.href);
    // An origin can make invalid only what is its own.
    return found === null || found.origin !== target.origin ? [] : [withoutFragment(found)];
  });
  return {
    urls: [...new Set([url, ...named])],
    tags: readGroups(raw, "cache-group-invalidation", target.origin),
  };
}

function withoutFragment(url: URL): string {
  url.hash = "";
  return url.href;
}
