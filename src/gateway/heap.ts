import { getHeapStatistics } from "node:v8";

const MiB = 1024 * 1024;

/** What the rest of a gateway may need, at most. */
const ownMiB = 512;

/**
 * How Node is started for a gateway process. Requests are short-lived garbage: with room for more of it, less survives to be collected at cost.
 * Small stored answers lie on the heap: its limit is raised when the cache may outgrow it.
 *
 * @param cacheBytes what the cache of one process may hold
 */
export function heapArguments(cacheBytes: number, limitBytes = getHeapStatistics().heap_size_limit): string[] {
  const neededMiB = Math.ceil((cacheBytes * 1.25) / MiB) + ownMiB;
  const limit = neededMiB * MiB > limitBytes ? [`--max-old-space-size=${neededMiB}`] : [];
  return ["--max-semi-space-size=32", ...limit];
}
