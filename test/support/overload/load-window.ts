import type { LoadWindow } from "../../../src/limits/index.ts";

/** A window in which nothing happened, but for what is given. */
export function windowOf(happened: Partial<LoadWindow>): LoadWindow {
  return {
    now: 0,
    durationMs: 100,
    upstreams: 1,
    answers: 0,
    answeredMs: 0,
    quietAnswers: 0,
    quietMs: 0,
    abandoned: 0,
    abandonedMs: 0,
    failures: 0,
    maxInFlight: 0,
    isContended: false,
    ...happened,
  };
}
