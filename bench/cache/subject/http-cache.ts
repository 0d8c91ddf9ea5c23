import type { HttpCache as CachePort } from "../../../src/gateway/index.ts";
import { HttpCache } from "../../../src/httpcache/index.ts";
import type { Held } from "./protocol.ts";

/** What the measurement asks of the cache beyond what gateways do. */
export interface MeasuredCache extends CachePort {
  figures(): Held;
}

/** The whole of what is measured knows the cache's own interface from here. */
export function createCache(maxBytes: number): MeasuredCache {
  const Cache = HttpCache as new (options: { readonly maxBytes: number }) => HttpCache & Partial<MeasuredCache>;
  const cache = new Cache({ maxBytes });
  if (cache.figures === undefined) return Object.assign(cache, { figures: () => ({ answers: 0, bytes: 0 }) });
  return cache as MeasuredCache;
}
