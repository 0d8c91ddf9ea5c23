import { type LatencyFloor, targetLatencyMs } from "./latency-floor.ts";

/** What a limit has led to. */
export interface LimitEffect {
  readonly limit: number;
  /** It may not be less. */
  readonly minimum: number;
  readonly latencyMs: number;
  readonly floor: LatencyFloor;
  /** Somebody had to wait: more would have been used. */
  readonly isContended: boolean;
}

/** At most so much is taken away at once: what it costs is seen before it is much. */
const steepest = 0.9;
/** So far above the floor there is certainly no queue yet. */
const clearly = { times: 1.25, plusMs: 1 };
const fastGrowth = 1.5;

/**
 * The gradient controllers of Netflix (concurrency-limits, Gradient2) and Envoy (adaptive concurrency) multiply the limit by what latency should be over what it
 * is, and add room for a queue of the limit's square root. So does this, but it adds only where there is no queue (else small limits would rest at twice
 * the latency wanted), and takes away in small steps: large ones are a {@link Descent}'s, which looks whether they are right.
 */
export function nextLimit({ limit, minimum, latencyMs, floor, isContended }: LimitEffect): number {
  const target = targetLatencyMs(floor.ms);
  if (latencyMs > target) return Math.max(minimum, limit * Math.max(steepest, target / latencyMs));
  if (!isContended) return limit;
  const headroom = Math.sqrt(limit);
  const isClear = floor.isQuiet && latencyMs <= floor.ms * clearly.times + clearly.plusMs;
  return isClear ? Math.max(limit * fastGrowth, limit + headroom) : limit + headroom;
}
