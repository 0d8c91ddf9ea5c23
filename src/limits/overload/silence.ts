import type { LoadWindow } from "./load-window.ts";

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

/** Well within the half second after which a line that stands is kept short. */
const patienceMs = 100;
const rememberTroubleMs = 5_000;
const most = { growths: 2, everGrowths: 4 };
const growth = 4;
/** Room is made again after so much less: a line that stands is soon turned away. */
const goesOn = 0.5;

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
  return { lastedMs: lastedMs * goesOn, growths: growths + 1, troubledMs, times: growth };
}
