import type { KindWindow } from "./load-window.ts";
import { addToMean, noMean, type RunningMean } from "./running-mean.ts";

/** How long an answer of one kind takes when nobody waits inside the service: a mean, as what it is compared with is one. */
export interface LatencyFloor {
  /** Infinity: nothing is known yet. */
  readonly ms: number;
  readonly source: FloorSource;
  /** Quiet answers of late. */
  readonly quiet: RunningMean;
  /** Of late, under whatever load. */
  readonly recent: RunningMean;
  /** The same, of a longer time. */
  readonly lasting: RunningMean;
}

/**
 * `guessed`: the least that was seen, under whatever load. `quiet`: of answers that had their upstream to themselves, or of an experiment in which all places were needed.
 * `found`: by an experiment that has shown where the queue begins.
 */
export type FloorSource = "guessed" | "quiet" | "found";

export const unknownFloor: LatencyFloor = {
  ms: Infinity,
  source: "guessed",
  quiet: noMean,
  recent: noMean,
  lasting: noMean,
};

/** So many quiet answers are remembered: more make the mean surer, and slower to follow. */
const memory = 200;
/** So many are a mean: one that was quick by chance says nothing. */
const enoughQuiet = 50;
/** Under load, to be a guess. */
const enoughLoaded = 20;
/** So many show how things are at all. */
const enoughLasting = 400;

/**
 * Quiet answers do not raise what is known while others wait: they had their upstream to themselves only as far as this process knows.
 */
export function learnFloor(floor: LatencyFloor, heard: KindWindow, circumstances: Circumstances): LatencyFloor {
  return guess(hear(floor, heard, circumstances.isContended), heard, circumstances);
}

export interface Circumstances {
  /** Others wait. */
  readonly isContended: boolean;
  /** As {@link isSettled}. */
  readonly isSettled: boolean;
}

function hear(floor: LatencyFloor, { quietAnswers, quietMs }: KindWindow, isContended: boolean): LatencyFloor {
  if (quietAnswers === 0) return floor;
  const latest = { value: quietMs / quietAnswers, weight: quietAnswers };
  if (isContended && latest.value > floor.quiet.value) return floor;
  const quiet = addToMean(floor.quiet, latest, memory);
  return quiet.weight >= enoughQuiet ? { ...floor, quiet, ms: quiet.value, source: "quiet" } : { ...floor, quiet };
}

function guess(
  floor: LatencyFloor,
  { answers, answeredMs }: KindWindow,
  { isContended, isSettled }: Circumstances,
): LatencyFloor {
  if (floor.source !== "guessed" || answers === 0) return floor;
  const recent = addToMean(floor.recent, { value: answeredMs / answers, weight: answers }, enoughLoaded);
  if (recent.weight < enoughLoaded) return { ...floor, recent };
  // What keeps up with all that it is asked has no queue that matters, however long it takes; the first answers of many are the quick ones.
  const keepsUp = isSettled && !isContended;
  return { ...floor, recent, ms: keepsUp ? recent.value : Math.min(floor.ms, recent.value) };
}

/** A lasting mean below it, under whatever load, says that it was too high, as after a slow start. */
export function lowerFloor(floor: LatencyFloor, { answers, answeredMs, abandonedMs }: KindWindow): LatencyFloor {
  if (answers === 0) return floor;
  const latest = { value: (answeredMs + abandonedMs) / answers, weight: answers };
  const lasting = addToMean(floor.lasting, latest, enoughLasting);
  const isLower = lasting.weight === enoughLasting && lasting.value < floor.ms;
  return { ...floor, lasting, ms: isLower ? lasting.value : floor.ms };
}

/** What was quiet before an experiment is no longer true. */
export function foundFloor(ms: number, source: FloorSource): LatencyFloor {
  return { ...unknownFloor, ms, source, quiet: { value: ms, weight: 0 } };
}

/** The floor is known no better than so. */
const tolerated = 1.4;
/** Below this, it is the machine's scheduling that is measured. */
const noiseMs = 3;

/** Up to here nobody is in a queue that matters. */
export function bearableMs(floorMs: number): number {
  return tolerated * floorMs + noiseMs;
}
