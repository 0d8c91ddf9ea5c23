import { bearableMs } from "./latency-floor.ts";
import type { ExpectedLatency } from "./latency-floors.ts";

/** What a limit that was not enough for all has led to. */
export interface LimitEffect {
  readonly limit: number;
  /** It may not be less. */
  readonly minimum: number;
  readonly latencyMs: number;
  readonly floor: ExpectedLatency;
}

/** Of the limit's square root, so much is room for a queue. */
const headroom = 2;
/** A step goes so much of the way. */
const step = 0.5;
/** So far above the floor there is certainly no queue yet. */
const clearly = { times: 1.25, plusMs: 1 };
const fastGrowth = 2;

/**
 * The limit times what latency is without a queue over what it is, and room for a queue: the gradient controller of Netflix (concurrency-limits,
 * Gradient2) and Envoy (adaptive concurrency). They tolerate some latency and leave little room; here it is the other way round. Since the room grows
 * by the square root alone, the limits of processes that share a service become alike, also where they do not quite agree on the floor; a
 * tolerance would give all to who thinks it higher (as between TCP Vegas connections; FAST TCP, Wei, Jin, Low and Hegde 2006, has room alone).
 * While there is no queue at all it doubles, as TCP's slow start does; after an experiment it does not, since that has said where it ends.
 */
export function nextLimit({ limit, minimum, latencyMs, floor }: LimitEffect): number {
  const gradient = Math.min(1, bearableMs(floor.ms) / latencyMs);
  const wanted = gradient * limit + headroom * Math.sqrt(limit);
  const next = limit + step * (wanted - limit);
  return Math.max(minimum, isClear(latencyMs, floor) ? Math.max(next, limit * fastGrowth) : next);
}

/** There is no queue, and no experiment has said where it begins. */
export function isClear(latencyMs: number, floor: ExpectedLatency): boolean {
  return floor.source !== "found" && latencyMs <= floor.ms * clearly.times + clearly.plusMs;
}

/** Where the limit comes to rest that fills so many places. */
export function restingLimit(filled: number): number {
  return (headroom / 2 + Math.sqrt(headroom ** 2 / 4 + filled)) ** 2;
}
