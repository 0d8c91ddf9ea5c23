import { latencyOf, type LoadSample } from "./load-sample.ts";

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
/** Latency under load that counts as found without a queue. */
const leastAnswers = 10;

/**
 * Answers that had their upstream to themselves show it. So does every mean that is below it, under whatever load: it was too high then, as after a slow
 * start. Where somebody was given up, the service may be busy with what nobody waits for, and nothing shows.
 */
export function learnFloor(floor: LatencyFloor | undefined, sample: LoadSample): LatencyFloor | undefined {
  const quiet = sample.quietAnswers > 0 && sample.abandoned === 0 ? sample.quietMs / sample.quietAnswers : undefined;
  if (quiet !== undefined && (!sample.isContended || quiet < (floor?.ms ?? Infinity))) {
    return { ...averaged(floor, quiet, sample.quietAnswers), isQuiet: true };
  }
  const latency = latencyOf(sample);
  if (floor === undefined || latency === undefined || latency >= floor.ms || sample.answers < leastAnswers) {
    return floor;
  }
  return averaged(floor, latency, sample.answers);
}

/** As an experiment has shown it. */
export function foundFloor(ms: number): LatencyFloor {
  return { ms, weight: memory / 2, isQuiet: false };
}

function averaged(floor: LatencyFloor | undefined, ms: number, count: number): LatencyFloor {
  const known = Math.min(floor?.weight ?? 0, memory - Math.min(count, memory / 2));
  const weight = known + count;
  const isQuiet = floor?.isQuiet ?? false;
  return { ms: ((floor?.ms ?? 0) * known + ms * count) / weight, weight: Math.min(weight, memory), isQuiet };
}

/** As long as all of them take, half is waiting: full use with little delay. */
const bearable = 2;
/** Below this, it is the machine's scheduling that is measured. */
const noiseMs = 3;

/** Up to here nobody is in a queue that matters. */
export function targetLatencyMs(floorMs: number): number {
  return bearable * floorMs + noiseMs;
}
