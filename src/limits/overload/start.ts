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
  /** More places have brought no more answers: what one takes with as many as before. */
  readonly queuedMs: number | undefined;
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
/** Fewer answers are chance; if no more come, they are all there are. */
const enough = { answers: 6, patienceMs: 1_000 };
/** In a queue all have their turn; who is answered, and makes up for less of those inside, passes others that stay, as quick routes pass long polls. */
const turningOver = 1 / 8;
/** A queue takes a while to fill more places. */
const roomyForMs = 1_000;

export function goOnStarting(start: Start, window: LoadWindow): StartStep {
  if (!window.isContended) return goOn(restInRoom(start, window));
  if (window.abandoned > 0) return goOn(undefined);
  if (!start.isFull) return goOn({ ...start, isFull: true, roomyMs: 0 });
  const { perMsBefore, growths } = start;
  const sample = addWindow(start.sample, window);
  const isSilent = perMsBefore === undefined && sample.answers + sample.failures === 0;
  const isEnough = sample.answers >= enough.answers && spansLatency(sample, 1);
  if (!isSilent && !isEnough && sample.durationMs < enough.patienceMs) return goOn({ ...start, sample });
  const { perMs } = rateOf(sample);
  const more = isSilent ? Infinity : perMs / (perMsBefore ?? 0);
  if (more < clearlyMore && isTurningOver(sample))
    return { times: Math.max(1, more) / growth, start: undefined, queuedMs: start.latencyMs };
  if (growths === mostGrowths) return goOn(undefined);
  const next = {
    ...start,
    sample: emptySample,
    growths: growths + 1,
    perMsBefore: isSilent ? undefined : perMs,
    latencyMs: sample.answers > 0 ? sample.maxInFlight / perMs : 0,
  };
  return goOn(next, growth);
}

const goOn = (start: Start | undefined, times = 1): StartStep => ({ times, start, queuedMs: undefined });

const isTurningOver = ({ answeredMs, maxInFlight, durationMs }: LoadSample): boolean =>
  answeredMs >= maxInFlight * durationMs * turningOver;

/** It was not enough for the first crowd; if it is now for a while, it is for all. */
function restInRoom(start: Start, { durationMs }: LoadWindow): Start | undefined {
  if (start.growths === 0) return starting;
  const roomyMs = start.roomyMs + durationMs;
  return roomyMs < roomyForMs ? { ...start, isFull: false, sample: emptySample, roomyMs } : undefined;
}
