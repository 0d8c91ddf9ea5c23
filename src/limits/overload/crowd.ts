import { bearableMs, type LatencyFloor } from "./latency-floor.ts";
import { latencyOf, type LoadWindow } from "./load-sample.ts";

/**
 * Nobody lacks a place, but many are inside, and for much longer than an answer takes: they may stand in a queue there, where no priority and no deadline
 * helps; or all of them are served, and it takes long. Only an experiment tells, and where there is no queue it makes some wait. So it is made
 * when this has lasted, and after one that found none only after a while, each time longer.
 */
export interface Crowd {
  readonly lastedMs: number;
  readonly notBefore: number;
  readonly gapMs: number;
}

const lastingMs = 3_000;
/** Of an upstream: fewer are none. */
const leastInside = 8;
const muchLonger = 3;
const gap = { shortestMs: 30_000, longestMs: 480_000 };
/** If they left because nobody came any more, latency would be what it was. */
const shorter = 0.9;
/** Processes that share a service look together, at whole multiples of it. */
const sharedEveryMs = 1_000;

export const noCrowd: Crowd = { lastedMs: 0, notBefore: 0, gapMs: gap.shortestMs };

/** @param share of the upstreams that is this process's */
export function watchCrowd(crowd: Crowd, window: LoadWindow, floor: LatencyFloor | undefined, share: number): Crowd {
  const latencyMs = latencyOf(window);
  const isSeen = latencyMs !== undefined && latencyMs !== Infinity && floor !== undefined;
  if (window.isContended || window.maxInFlight < leastInside * share) return { ...crowd, lastedMs: 0 };
  if (!isSeen) return crowd;
  const isLong = latencyMs > bearableMs(floor.ms) * muchLonger;
  return { ...crowd, lastedMs: isLong ? crowd.lastedMs + window.durationMs : 0 };
}

export function mayBeQueue(
  { lastedMs, notBefore }: Crowd,
  { now, durationMs }: LoadWindow,
  isShared: boolean,
): boolean {
  const isMoment = !isShared || Math.floor(now / sharedEveryMs) > Math.floor((now - durationMs) / sharedEveryMs);
  return isMoment && lastedMs >= lastingMs && now >= notBefore;
}

/** @param latencyShare what is left of the latency */
export function isDispersed({ verdict, latencyShare }: { verdict: string; latencyShare: number }): boolean {
  return verdict === "queue" && latencyShare < shorter;
}

export function planNextLook(crowd: Crowd, wasQueue: boolean, now: number): Crowd {
  const gapMs = wasQueue ? gap.shortestMs : Math.min(gap.longestMs, crowd.gapMs * 2);
  return { lastedMs: 0, notBefore: wasQueue ? 0 : now + crowd.gapMs, gapMs };
}
