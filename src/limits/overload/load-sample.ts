import { addKinds, type LoadWindow } from "./load-window.ts";

/** Some windows taken together: enough of them to say something. */
export interface LoadSample extends Omit<LoadWindow, "now" | "upstreams"> {
  readonly windows: number;
  /** So much of it somebody had to wait. */
  readonly contendedMs: number;
  /** Of the answers of each window, the squares: how much they scatter. */
  readonly squaredAnswers: number;
}

export const emptySample: LoadSample = {
  windows: 0,
  contendedMs: 0,
  squaredAnswers: 0,
  durationMs: 0,
  answers: 0,
  answeredMs: 0,
  abandoned: 0,
  abandonedMs: 0,
  kinds: [],
  failures: 0,
  maxInFlight: 0,
  isContended: false,
};

export function addWindow(sample: LoadSample, window: LoadWindow): LoadSample {
  return {
    windows: sample.windows + 1,
    contendedMs: sample.contendedMs + (window.isContended ? window.durationMs : 0),
    squaredAnswers: sample.squaredAnswers + window.answers ** 2,
    durationMs: sample.durationMs + window.durationMs,
    answers: sample.answers + window.answers,
    answeredMs: sample.answeredMs + window.answeredMs,
    abandoned: sample.abandoned + window.abandoned,
    abandonedMs: sample.abandonedMs + window.abandonedMs,
    kinds: addKinds(sample.kinds, window.kinds),
    failures: sample.failures + window.failures,
    maxInFlight: Math.max(sample.maxInFlight, window.maxInFlight),
    isContended: sample.isContended || window.isContended,
  };
}

/** Answers per millisecond, and how far from the truth that may be (standard error, from how much the windows differ). */
export interface Rate {
  readonly perMs: number;
  readonly error: number;
  readonly durationMs: number;
}

export function rateOf({ windows, durationMs, answers, squaredAnswers }: LoadSample): Rate {
  if (durationMs === 0) return { perMs: 0, error: 0, durationMs };
  const variance = windows < 2 ? answers : Math.max(0, squaredAnswers - answers ** 2 / windows) / (windows - 1);
  return { perMs: answers / durationMs, error: Math.sqrt(variance * windows) / durationMs, durationMs };
}

/**
 * Mean time to an answer. What was given up counts with the time it had, but not as an answer (the usual estimate from censored observations), so that
 * time-outs raise it, and nothing that failed can lower it. Infinity: all was lost. `undefined`: nothing has ended.
 */
export function latencyOf({ answers, answeredMs, abandoned, abandonedMs, failures }: LoadSample): number | undefined {
  if (answers > 0) return (answeredMs + abandonedMs) / answers;
  return abandoned + failures > 0 ? Infinity : undefined;
}

/**
 * What is inside is about as much as answers account for (Little's law). In a crowd that has just come to what takes long there is more, and the first to be
 * answered are the quick ones: they say nothing of the others.
 */
export function isSettled({ maxInFlight, answeredMs, durationMs }: LoadSample): boolean {
  return accountsFor(answeredMs / durationMs, maxInFlight);
}

/** The same of all who left, with an answer or without: nothing is new, but for some it takes so long that they give up. */
export function isStationary({ maxInFlight, answeredMs, abandonedMs, durationMs }: LoadSample): boolean {
  return accountsFor((answeredMs + abandonedMs) / durationMs, maxInFlight);
}

function accountsFor(expected: number, inside: number): boolean {
  return inside <= unaccounted.times * expected + unaccounted.plus;
}

const unaccounted = { times: 2, plus: 8 };

/**
 * It spans as much time as an answer takes: what was done to the limit before it began has shown by then, and requests that were sent in one
 * go, and so are answered in one go each time round, are all in it.
 */
export function spansLatency(sample: LoadSample, times: number): boolean {
  return sample.durationMs >= times * (latencyOf(sample) ?? 0);
}
