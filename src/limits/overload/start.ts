import { addWindow, emptySample, type LoadSample, type LoadWindow, rateOf, spansLatency } from "./load-sample.ts";

/**
 * The first crowd, when nothing is known: four times as many places, as long as that brings clearly more answers.
 *
 *     few places ─► all taken ─┬─ nothing ends: those inside take long ──┬─► four times as many
 *                       ▲      └─ answers come, for the first time ──────┤            │
 *                       │                      at least twice as many ───┘            │
 *                       └─────────────────────────────────────────────────────────────┤
 *                                                             not twice as many: a queue, over
 *
 * A queue at a new service is dear: connections that are made while all work wait longest. But a service that takes long is not to be kept waiting either:
 * steps are large and quick. How long answers take says nothing yet, since the first to come are the short ones.
 */
export interface Start {
  /** All places were taken before. */
  readonly isFull: boolean;
  /** Since there are so many places. */
  readonly sample: LoadSample;
  readonly growths: number;
  /** So long there has been room for all. */
  readonly roomyMs: number;
  /** Answers, with a quarter of the places; `undefined`: there were none. */
  readonly perMsBefore: number | undefined;
  /** What an answer took then. */
  readonly latencyMs: number;
}

export interface StartStep {
  /** So many times as many places. */
  readonly times: number;
  /** `undefined`: it is over. */
  readonly start: Start | undefined;
  /** More places have brought no more answers. */
  readonly isQueue: boolean;
  readonly latencyMs: number;
}

export const starting: Start = {
  isFull: false,
  sample: emptySample,
  growths: 0,
  roomyMs: 0,
  perMsBefore: undefined,
  latencyMs: 0,
};

const growth = 4;
/** Between as many and so many times as many, by their geometric mean. */
const clearlyMore = Math.sqrt(growth);
const mostGrowths = 5;
/** Fewer answers are chance. */
const enoughAnswers = 6;
/** A queue takes a while to fill more places. */
const roomyForMs = 1_000;

export function goOnStarting(start: Start, window: LoadWindow): StartStep {
  if (!window.isContended) return { times: 1, start: restInRoom(start, window), isQueue: false, latencyMs: 0 };
  if (window.abandoned > 0) return { times: 1, start: undefined, isQueue: false, latencyMs: 0 };
  if (!start.isFull) return { times: 1, start: { ...start, isFull: true, roomyMs: 0 }, isQueue: false, latencyMs: 0 };
  const { perMsBefore, growths } = start;
  const sample = addWindow(start.sample, window);
  const isSilent = perMsBefore === undefined && sample.answers + sample.failures === 0;
  const isEnough = sample.answers >= enoughAnswers && spansLatency(sample, 1);
  if (!isSilent && !isEnough) return { times: 1, start: { ...start, sample }, isQueue: false, latencyMs: 0 };
  const { perMs } = rateOf(sample);
  const more = isSilent ? Infinity : perMs / (perMsBefore ?? 0);
  if (more < clearlyMore)
    return { times: Math.max(1, more) / growth, start: undefined, isQueue: true, latencyMs: start.latencyMs };
  if (growths === mostGrowths) return { times: 1, start: undefined, isQueue: false, latencyMs: 0 };
  const next = {
    ...start,
    sample: emptySample,
    growths: growths + 1,
    perMsBefore: isSilent ? undefined : perMs,
    latencyMs: sample.answers > 0 ? sample.maxInFlight / perMs : 0,
  };
  return { times: growth, start: next, isQueue: false, latencyMs: 0 };
}

/** It was not enough for the first crowd; if it is now for a while, it is for all. */
function restInRoom(start: Start, { durationMs }: LoadWindow): Start | undefined {
  if (start.growths === 0) return starting;
  const roomyMs = start.roomyMs + durationMs;
  return roomyMs < roomyForMs ? { ...start, isFull: false, sample: emptySample, roomyMs } : undefined;
}
