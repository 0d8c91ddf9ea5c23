import { restingLimit } from "./gradient.ts";
import { bearableMs } from "./latency-floor.ts";
import { addWindow, emptySample, latencyOf, type LoadSample, type Rate, rateOf, spansLatency } from "./load-sample.ts";
import type { LoadWindow } from "./load-window.ts";

/**
 * An experiment that tells a queue from a service that takes long. The limit is halved, and it is looked what becomes of the answers per second:
 *
 *     reference ─► draining ─► measuring ─ as many ──► it was a queue: halved again ─► draining …
 *                     │            └────── fewer ────► the places were needed: over
 *                     └─ as soon as the requests sent leave too slowly for a queue: over
 *
 * A queue that is cut short serves as many; where all places do work, half of them do half of it. This needs no idea of how long answers ought to take,
 * so neither a service that has become slower nor long polls nor time-outs deceive it; and it finds what the latency is without a queue, at the last
 * step, without bringing the service to a standstill (as BBR's PROBE_RTT and Envoy's minRTT window do, which hold one request at a time for that).
 * From the best rate and that latency follows, by Little's law, how many places the service fills.
 */
export interface Descent {
  readonly phase: "reference" | "draining" | "measuring";
  /** Now. */
  readonly limit: number;
  /** Where it began. */
  readonly top: number;
  /** The lowest that was seen to suffice. */
  readonly sufficient: number;
  /** What was seen with the last sufficient limit. */
  readonly sufficed: LoadSample;
  /** How long those stayed who left, at the top, with an answer or without. */
  readonly stayMs: number;
  /** The limit is only to be lowered so far, if that is right; nothing is measured. */
  readonly isCut: boolean;
  readonly bestRate: Rate;
  readonly sample: LoadSample;
  readonly drainBeganAt: number;
  /** Somebody was given up, during it or shortly before: the service may still be busy with what nobody waits for. */
  readonly hasLost: boolean;
}

export interface Finding {
  readonly limit: number;
  /** What answers take without a queue; it may have no answers. */
  readonly unqueued: LoadSample;
  /** `"queue"`: there was one, and the limit is lower by it. `"needed"`: all places did work. `"unclear"`: the answers are too irregular to tell. */
  readonly verdict: "queue" | "needed" | "unclear";
}

/** A step lasts until so much is there, or until patience ends. */
const wanted = { windows: 4, answers: 64, patienceMs: 1_200, fewAnswers: 8, longPatienceMs: 4_000 };
/** Half the places, and still such a share of the answers: between all and half, by their geometric mean. */
const stillAsMany = Math.SQRT1_2;
/** Once a queue has been found, such a share is fewer already: no need to go on into want. But what is done for nobody makes answers fewer, too. */
const stillNearlyAll = 0.87;
/** Farther from that than so many standard errors is clear. */
const clear = 2;
/** Before so many windows have shown how much answers scatter, they are found lacking only when it is beyond doubt. */
const surelyScattered = 8;
const beyondDoubt = 4;
/**
 * While a queue drains, such a share of the answers that are expected must come, once so many are. What was given up is done all the same, and as long as
 * that takes nobody is answered.
 */
const draining = { share: 0.5, expected: 16, slackMs: 500, lostMs: 1_000 };
/** Places that are needed call for more, but not for more than that at once. */
const mostGrowth = 2;

/** @param hasLost somebody was given up of late */
export function beginDescent(limit: number, hasLost: boolean): Descent {
  return {
    phase: "reference",
    limit,
    top: limit,
    sufficient: limit,
    sufficed: emptySample,
    stayMs: 0,
    isCut: false,
    bestRate: { perMs: 0, error: 0, durationMs: 0 },
    sample: emptySample,
    drainBeganAt: 0,
    hasLost,
  };
}

/** It is broken off. */
export function foundNothing({ top }: Descent): Finding {
  return { limit: top, unqueued: emptySample, verdict: "unclear" };
}

/** To a limit that is thought right, after what a sample has shown; it is watched while what is too much leaves. */
export function beginCut(limit: number, to: number, { sample, now }: { sample: LoadSample; now: number }): Descent {
  const began = { ...beginDescent(limit, sample.abandoned > 0), sample, isCut: true };
  return { ...halve(began, now, to), limit: to };
}

/** @param minimum below this the limit does not go */
export function goOnDescending(descent: Descent, window: LoadWindow, minimum: number): Descent | Finding {
  const sample = addWindow(descent.sample, window);
  const next = { ...descent, sample, hasLost: descent.hasLost || window.abandoned > 0 };
  if (next.phase === "reference") return isEnough(sample) ? halve(next, window.now, minimum) : next;
  if (next.phase === "draining") {
    const isDrained = window.maxInFlight <= Math.ceil(next.limit);
    if (isDrained && next.isCut) return { limit: next.limit, unqueued: emptySample, verdict: "queue" };
    if (isDrained) return { ...next, phase: "measuring", sample: emptySample };
    return isStuck(next, window.now) ? conclude(next, { minimum, last: next.sufficed, isSure: true }) : next;
  }
  return isEnough(sample) ? judge(next, window.now, minimum) : next;
}

function judge(descent: Descent, now: number, minimum: number): Descent | Finding {
  const { sample, bestRate, limit } = descent;
  const rate = rateOf(sample);
  const mayGoOn = descent.sufficient === descent.top || descent.hasLost;
  const expected = mayGoOn ? stillAsMany : stillNearlyAll;
  const distance = rate.perMs - bestRate.perMs * expected;
  const errors = Math.abs(distance) / Math.hypot(rate.error, bestRate.error * expected);
  const isSure = errors > (distance > 0 || sample.windows >= surelyScattered ? clear : beyondDoubt);
  if (!isSure && bestRate.perMs > 0 && sample.durationMs < wanted.patienceMs) return descent;
  // Where nobody had to wait, it was not this limit that let so few through.
  if (distance < 0 && sample.isContended) return conclude(descent, { minimum, last: sample, isSure });
  if (limit >= minimum + 1 && sample.isContended) return halve(descent, now, minimum);
  const best = rate.perMs > bestRate.perMs ? rate : bestRate;
  return conclude({ ...descent, bestRate: best, sufficient: limit }, { minimum, last: sample, isSure: true });
}

function halve(descent: Descent, now: number, minimum: number): Descent {
  const { sample, limit, bestRate } = descent;
  const rate = rateOf(sample);
  return {
    ...descent,
    phase: "draining",
    limit: Math.max(minimum, Math.round(limit / 2)),
    sufficient: limit,
    stayMs: descent.phase === "reference" ? stayOf(sample) : descent.stayMs,
    sufficed: sample,
    bestRate: rate.perMs > bestRate.perMs ? rate : bestRate,
    sample: emptySample,
    drainBeganAt: now,
  };
}

function isEnough(sample: LoadSample): boolean {
  const { windows, answers, durationMs, abandoned, failures } = sample;
  if (windows < wanted.windows) return false;
  if (answers >= wanted.answers && (spansLatency(sample, 2) || durationMs >= wanted.patienceMs)) return true;
  const mayBeMany = answers >= wanted.fewAnswers || abandoned + failures > 0;
  return durationMs >= (mayBeMany ? wanted.patienceMs : wanted.longPatienceMs);
}

/** What is in flight does not leave as a queue would, even if answers are as irregular as they were before. */
function isStuck({ bestRate, sample, stayMs, sufficed, drainBeganAt, hasLost }: Descent, now: number): boolean {
  const latencyMs = finite(latencyOf(sufficed)) ?? 0;
  const { perMs, error, durationMs: measuredMs } = bestRate;
  if (now - drainBeganAt > 2 * stayMs + draining.slackMs) return true;
  const { windows, durationMs, answers } = sample;
  const dueMs = hasLost ? draining.lostMs : Math.min(latencyMs, draining.slackMs);
  const isDue = windows >= 2 && durationMs >= dueMs;
  const expected = perMs * durationMs;
  if (!isDue || expected < draining.expected) return false;
  return answers < expected * draining.share - clear * error * Math.sqrt(measuredMs * durationMs);
}

interface Conclusion {
  readonly minimum: number;
  readonly last: LoadSample;
  readonly isSure: boolean;
}

function conclude(descent: Descent, { minimum, last, isSure }: Conclusion): Finding {
  const { top, sufficient, bestRate, sufficed } = descent;
  // Another gateway, of which this one knows nothing, may have added to the latency again.
  const unqueued = (latencyOf(sufficed) ?? Infinity) < (latencyOf(last) ?? 0) ? sufficed : last;
  const floorMs = finite(latencyOf(unqueued));
  const wasQueue = sufficient < top;
  const filled = floorMs === undefined ? 0 : restingLimit(bestRate.perMs * bearableMs(floorMs));
  const most = wasQueue ? top : isSure ? top * mostGrowth : sufficient;
  const limit = Math.max(minimum, sufficient, Math.min(filled, most));
  return { limit, unqueued, verdict: wasQueue ? "queue" : isSure ? "needed" : "unclear" };
}

function stayOf({ answers, answeredMs, abandoned, abandonedMs }: LoadSample): number {
  return answers + abandoned > 0 ? (answeredMs + abandonedMs) / (answers + abandoned) : 0;
}

const finite = (value: number | undefined): number | undefined => (value === Infinity ? undefined : value);
