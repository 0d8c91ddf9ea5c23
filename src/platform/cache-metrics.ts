import type { GatewayFigures } from "../gateway/index.ts";
import type { MetricSet } from "./metric-set.ts";

/** What a gateway's HTTP cache did, and what it holds. */
export function addCache(gateway: string, { cache, services }: GatewayFigures, add: MetricSet["add"]): void {
  if (cache === undefined) return;
  add("gauge", "tenfold_cache_bytes", "Memory that stored answers take", { gateway }, cache.bytes);
  add("gauge", "tenfold_cache_answers", "Answers that are stored", { gateway }, cache.answers);
  add("gauge", "tenfold_cache_arriving", "Answers that are being fetched for the cache", { gateway }, cache.arriving);
  add("counter", "tenfold_cache_evictions_total", "Answers given up for want of room", { gateway }, cache.evicted);
  add("counter", "tenfold_cache_coded_total", "Stored answers that were compressed", { gateway }, cache.coded);
  add("counter", "tenfold_cache_saved_bytes_total", "Bytes not sent, by compression", { gateway }, cache.savedBytes);
  for (const [service, { cached }] of Object.entries(services)) {
    for (const [outcome, count] of Object.entries(cached)) {
      const help = "Requests that the cache was asked about, by what came of it";
      add("counter", "tenfold_cache_requests_total", help, { gateway, service, outcome }, count);
    }
  }
}
