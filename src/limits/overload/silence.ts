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
  /** For so long still somebody's giving up is remembered: those inside may be what nobody waits for. */
  readonly troubledMs: number;
}

export const noSilence: Silence = { lastedMs: 0, growths: 0, troubledMs: 0 };

/** Well within the second for which most wait in line. */
const patienceMs = 200;
const rememberTroubleMs = 5_000;
const most = { growths: 4, everGrowths: 8 };
const growth = 2;

/** So many answers must be missing. */
const missing = 6;

/**
 * @param usualPerMs answers, of late; 0: not known; `undefined`: there has never been one
 * @returns with it, how many times as many places there should be
 */
export function listen(
  silence: Silence,
  window: LoadWindow,
  usualPerMs: number | undefined,
): Silence & { readonly times: number } {
  const { answers, abandoned, failures, isContended, durationMs } = window;
  const troubledMs = abandoned > 0 ? rememberTroubleMs : Math.max(0, silence.troubledMs - durationMs);
  if (answers + abandoned + failures > 0 || !isContended) return { lastedMs: 0, growths: 0, troubledMs, times: 1 };
  const lastedMs = silence.lastedMs + durationMs;
  const { growths } = silence;
  const hasAnswered = usualPerMs !== undefined;
  const enoughMs = usualPerMs ? Math.max(patienceMs, missing / usualPerMs) : patienceMs;
  const isGrowing = hasAnswered ? growths < most.growths && lastedMs >= enoughMs : growths < most.everGrowths;
  if (!isGrowing || troubledMs > 0) return { lastedMs, growths, troubledMs, times: 1 };
  return { lastedMs: 0, growths: growths + 1, troubledMs, times: growth };
}
