import type { LoadSample } from "./load-sample.ts";

/**
 * How long an answer takes when nobody waits inside the service: a mean, as what it is compared with is one, so that a mix of quick and slow
 * routes is no queue.
 */
export interface LatencyFloor {
  readonly ms: number;
  /**
   * `guessed`: the least that was seen, under whatever load. `quiet`: of answers that had their upstream to themselves. `found`: by an experiment under load.
   */
  readonly source: "guessed" | "quiet" | "found";
  /** Quiet answers of late. */
  readonly quietMs: number;
  readonly quietAnswers: number;
}

/** So many quiet answers are remembered: more make the mean surer, and slower to follow. */
const memory = 200;
/** So many are a mean: one that was quick by chance says nothing. */
const enoughQuiet = 50;
/** Of a sample under load, to be a guess. */
const enoughLoaded = 20;

/**
 * Where somebody was given up nothing shows: the service may be busy with what nobody waits for any more. Nor do quiet answers raise what is known while
 * others wait: they had their upstream to themselves only as far as this process knows.
 */
export function learnFloor(floor: LatencyFloor | undefined, sample: LoadSample): LatencyFloor | undefined {
  if (sample.abandoned > 0) return floor;
  const known = floor ?? { ms: Infinity, source: "guessed", quietMs: 0, quietAnswers: 0 };
  const learned = guess(hear(known, sample), sample);
  return learned.ms === Infinity && learned.quietAnswers === 0 ? floor : learned;
}

function hear(floor: LatencyFloor, { quietAnswers, quietMs, isContended }: LoadSample): LatencyFloor {
  if (quietAnswers === 0) return floor;
  const ms = quietMs / quietAnswers;
  if (isContended && ms > floor.quietMs) return floor;
  const kept = Math.min(floor.quietAnswers, memory - Math.min(quietAnswers, memory / 2));
  const answers = kept + quietAnswers;
  const mean = (floor.quietMs * kept + ms * quietAnswers) / answers;
  const heard: LatencyFloor = { ...floor, quietMs: mean, quietAnswers: answers };
  return answers >= enoughQuiet ? { ...heard, ms: mean, source: "quiet" } : heard;
}

function guess(floor: LatencyFloor, { answers, answeredMs }: LoadSample): LatencyFloor {
  if (floor.source !== "guessed" || answers < enoughLoaded) return floor;
  return { ...floor, ms: Math.min(floor.ms, answeredMs / answers) };
}

/** A lasting mean below it, under whatever load, says that it was too high, as after a slow start. */
export function lowerFloor(floor: LatencyFloor, lastingLatencyMs: number): LatencyFloor {
  return lastingLatencyMs < floor.ms ? { ...floor, ms: lastingLatencyMs } : floor;
}

/** What was quiet before an experiment is no longer true. */
export function foundFloor(ms: number): LatencyFloor {
  return { ms, source: "found", quietMs: ms, quietAnswers: 0 };
}

/** The floor is known no better than so. */
const tolerated = 1.4;
/** Below this, it is the machine's scheduling that is measured. */
const noiseMs = 3;

/** Up to here nobody is in a queue that matters. */
export function bearableMs(floorMs: number): number {
  return tolerated * floorMs + noiseMs;
}
