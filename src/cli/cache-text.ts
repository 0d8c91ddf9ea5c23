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
  return `\n${table([["CACHE", "HIT RATIO", "HIT", "STALE", "SHARED", "REVALIDATED", "MISS", "PASSED"], ...rows])}\n${heldText(cache)}`;
}

/** `"1,200 answers in 12 MB"` */
export function heldText({ answers, bytes }: CacheReport): string {
  return `${number(answers)} ${answers === 1 ? "answer" : "answers"} in ${bytes < 1e6 ? "less than 1 MB" : megabytes(bytes)}`;
}

/** `"61.2 %"` */
export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

export function number(count: number): string {
  return count.toLocaleString("en");
}
