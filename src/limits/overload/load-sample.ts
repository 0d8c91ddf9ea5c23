/** What a stretch of time showed at a service. A request counts from when it is given a place until the first byte of its answer. */
export interface LoadWindow {
  /** When it ended: epoch milliseconds, and the same for all that share the service. */
  readonly now: number;
  readonly durationMs: number;
  readonly upstreams: number;
  /** Answers below 500, and the sum of their times. */
  readonly answers: number;
  readonly answeredMs: number;
  /** Of these, those that had their upstream to themselves. */
  readonly quietAnswers: number;
  readonly quietMs: number;
  /** Given up without an answer, and how long they had had their place. */
  readonly abandoned: number;
  readonly abandonedMs: number;
  readonly failures: number;
  readonly maxInFlight: number;
  /** Somebody had to wait for a place, or was refused one. */
  readonly isContended: boolean;
}

/** Some windows taken together: enough of them to say something. */
export interface LoadSample extends Omit<LoadWindow, "now" | "upstreams"> {
  readonly windows: number;
  /** Of the answers of each window, the squares: how much they scatter. */
  readonly squaredAnswers: number;
}

export const emptySample: LoadSample = {
  windows: 0,
  squaredAnswers: 0,
  durationMs: 0,
  answers: 0,
  answeredMs: 0,
  quietAnswers: 0,
  quietMs: 0,
  abandoned: 0,
  abandonedMs: 0,
  failures: 0,
  maxInFlight: 0,
  isContended: false,
};

export function addWindow(sample: LoadSample, window: LoadWindow): LoadSample {
  return {
    windows: sample.windows + 1,
    squaredAnswers: sample.squaredAnswers + window.answers ** 2,
    durationMs: sample.durationMs + window.durationMs,
    answers: sample.answers + window.answers,
    answeredMs: sample.answeredMs + window.answeredMs,
    quietAnswers: sample.quietAnswers + window.quietAnswers,
    quietMs: sample.quietMs + window.quietMs,
    abandoned: sample.abandoned + window.abandoned,
    abandonedMs: sample.abandonedMs + window.abandonedMs,
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
 * It spans as much time as an answer takes: what was done to the limit before it began has shown by then, and requests that were sent in one
 * go, and so are answered in one go each time round, are all in it.
 */
export function spansLatency(sample: LoadSample, times: number): boolean {
  return sample.durationMs >= times * (latencyOf(sample) ?? 0);
}
