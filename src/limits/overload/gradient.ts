import { type LatencyFloor, targetLatencyMs } from "./latency-floor.ts";

/** What a limit that was not enough for all has led to. */
export interface LimitEffect {
  readonly limit: number;
  /** It may not be less. */
  readonly minimum: number;
  readonly latencyMs: number;
  readonly floor: LatencyFloor;
}

/** No more is taken away at once. */
const steepest = 0.5;
/** So far above the floor there is certainly no queue yet. */
const clearly = { times: 1.25, plusMs: 1 };
const fastGrowth = 1.5;

/**
 * The limit times what latency should be over what it is, and room for a queue of the limit's square root: the gradient controller of Netflix
 * (concurrency-limits, Gradient2) and Envoy (adaptive concurrency). Since small limits gain more by the root, in proportion, those of processes that
 * share a service become alike. While there is no queue at all it grows faster, if it is sure what that means.
 */
export function nextLimit({ limit, minimum, latencyMs, floor }: LimitEffect): number {
  const gradient = Math.min(1, Math.max(steepest, targetLatencyMs(floor.ms) / latencyMs));
  const isClear = floor.isQuiet && latencyMs <= floor.ms * clearly.times + clearly.plusMs;
  const next = gradient * limit + Math.sqrt(limit);
  return Math.max(minimum, isClear ? Math.max(next, limit * fastGrowth) : next);
}

/** Where the limit comes to rest, latency is so many times the target. */
export function restingTimes(limit: number): number {
  return 1 / (1 - 1 / Math.sqrt(Math.max(4, limit)));
}
