import { bearableMs } from "./latency-floor.ts";
import type { ExpectedLatency } from "./latency-floors.ts";
import { latencyOf, type LoadSample } from "./load-sample.ts";

/**
 * Nobody lacks a place, but many are inside, for much longer than answers take: they may stand in a queue there, where neither priority nor deadline
 * helps; or all of them are served, and it takes long. Only an experiment tells, and where there is no queue it makes some wait. So it is made when
 * this has lasted, and after one that found none only after a while, each time longer.
 */
export interface Crowd {
  readonly lastedMs: number;
  readonly notBefore: number;
  readonly gapMs: number;
}

const enoughMs = 3_000;
/** Of an upstream: fewer are none. */
const leastInside = 8;
const muchLonger = 3;
/** Where fewer are answered, an experiment takes longer than those who are held up by it can wait. */
const leastPerMs = 0.05;
const gap = { shortestMs: 30_000, longestMs: 480_000 };

export const noCrowd: Crowd = { lastedMs: 0, notBefore: 0, gapMs: gap.shortestMs };

export function watchCrowd(
  crowd: Crowd,
  sample: LoadSample,
  { floor, upstreams }: { readonly floor: ExpectedLatency; readonly upstreams: number },
): Crowd {
  const latencyMs = latencyOf(sample) ?? 0;
  const isLong = floor.source !== "guessed" && latencyMs > muchLonger * bearableMs(floor.ms);
  const isMany = sample.maxInFlight >= leastInside * upstreams && sample.answers >= leastPerMs * sample.durationMs;
  const isCrowd = !sample.isContended && isLong && isMany;
  return { ...crowd, lastedMs: isCrowd ? crowd.lastedMs + sample.durationMs : 0 };
}

export function mayBeQueue({ lastedMs, notBefore }: Crowd, now: number): boolean {
  return lastedMs >= enoughMs && now >= notBefore;
}

export function planNextLook({ gapMs }: Crowd, wasQueue: boolean, now: number): Crowd {
  if (wasQueue) return noCrowd;
  return { lastedMs: 0, notBefore: now + gapMs, gapMs: Math.min(gap.longestMs, gapMs * 2) };
}
