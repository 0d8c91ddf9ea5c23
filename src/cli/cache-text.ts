import type { CacheReport } from "../platform/index.ts";
import { megabytes, table } from "./terminal.ts";

/** How much of what each service was asked the cache has answered; nothing when nobody has asked. */
export function cacheText(cache: CacheReport | null): string | undefined {
  const services = Object.entries(cache?.services ?? {});
  if (cache === null || services.length === 0) return undefined;
  const rows = services.map(([name, { hitRatio, requests }]) => [
    name,
    percent(hitRatio),
    ...[requests.hit, requests.stale + requests["stand-in"], requests.collapsed].map(number),
    ...[requests.revalidated, requests.miss, requests.pass].map(number),
  ]);
  const held = `${number(cache.answers)} answers in ${megabytes(cache.bytes)}`;
  return `\n${table([["CACHE", "HIT RATIO", "HIT", "STALE", "SHARED", "REVALIDATED", "MISS", "PASSED"], ...rows])}\n${held}`;
}

/** `"61.2 %"` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function number(count: number): string {
  return count.toLocaleString("en");
}
