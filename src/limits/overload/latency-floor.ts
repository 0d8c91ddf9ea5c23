import type { LoadSample } from "./load-sample.ts";

/**
 * How long an answer takes when nobody waits inside the service: a mean, as what it is compared with is one, so that a mix of quick and slow
 * routes is no queue.
 */
export interface LatencyFloor {
  readonly ms: number;
  /** Answers it is made of, of late. */
  readonly weight: number;
  /** Seen while the service had little to do: surer than what an experiment finds under load. */
  readonly isQuiet: boolean;
}

/** So many answers are remembered: more make it surer, and slower to follow. */
const memory = 200;

/**
 * Answers that had their upstream to themselves show it, unless the service was busy nevertheless: with what others ask of it, or with what somebody
 * gave up who does not wait for it any more.
 */
export function learnFloor(floor: LatencyFloor | undefined, sample: LoadSample): LatencyFloor | undefined {
  const { quietAnswers, quietMs, abandoned, isContended } = sample;
  if (quietAnswers === 0 || abandoned > 0) return floor;
  const ms = quietMs / quietAnswers;
  if (isContended && floor !== undefined && ms > floor.ms) return floor;
  const known = Math.min(floor?.weight ?? 0, memory - Math.min(quietAnswers, memory / 2));
  const weight = known + quietAnswers;
  return { ms: ((floor?.ms ?? 0) * known + ms * quietAnswers) / weight, weight, isQuiet: true };
}

/** Enough answers for a mean: one that was quick by chance says nothing. */
const enough = 50;

export function isKnown(floor: LatencyFloor | undefined): floor is LatencyFloor {
  return floor !== undefined && floor.weight >= enough;
}

/** A lasting mean below it, under whatever load, says that it was too high, as after a slow start. */
export function lowerFloor(floor: LatencyFloor, lastingLatencyMs: number): LatencyFloor {
  return lastingLatencyMs < floor.ms ? { ...floor, ms: lastingLatencyMs } : floor;
}

/** As an experiment has shown it. */
export function foundFloor(ms: number): LatencyFloor {
  return { ms, weight: memory / 2, isQuiet: false };
}

/** The floor is known no better than so. */
const tolerated = 1.4;
/** Below this, it is the machine's scheduling that is measured. */
const noiseMs = 3;

/** Up to here nobody is in a queue that matters. */
export function bearableMs(floorMs: number): number {
  return tolerated * floorMs + noiseMs;
}
