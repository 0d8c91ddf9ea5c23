import type { LoadWindow } from "./load-sample.ts";

/**
 * All places are taken, others wait, and nothing ends: either the service has stopped, or those inside take long, as long polls do. Who was never answered
 * may be of that kind, and gets room at once; else after a while, some times, so that a service that has stopped does not find a mountain when it
 * goes on.
 */
export interface Silence {
  readonly lastedMs: number;
  /** Times that room was made since something ended. */
  readonly growths: number;
}

export const noSilence: Silence = { lastedMs: 0, growths: 0 };

const patienceMs = 300;
const most = { growths: 3, everGrowths: 8 };
const growth = { first: 2, later: 1.5 };

/** @returns with it, how many times as many places there should be */
export function listen(silence: Silence, window: LoadWindow, hasAnswered: boolean): Silence & { readonly times: number } {
  const { answers, abandoned, failures, isContended, durationMs } = window;
  if (answers + abandoned + failures > 0 || !isContended) return { ...noSilence, times: 1 };
  const lastedMs = silence.lastedMs + durationMs;
  const { growths } = silence;
  if (!hasAnswered && growths < most.everGrowths) return { lastedMs, growths: growths + 1, times: growth.first };
  if (hasAnswered && growths < most.growths && lastedMs >= patienceMs) {
    return { lastedMs: 0, growths: growths + 1, times: growth.later };
  }
  return { lastedMs, growths, times: 1 };
}
