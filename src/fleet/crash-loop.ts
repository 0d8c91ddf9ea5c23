import { type Backoff, backoffMs } from "../kernel/index.ts";

/**
 * What to do after a crash. A single crash costs no waiting: the instance is missed. One that crashes again is given time, twice as
 * much each time. One that keeps crashing will not be mended by another try: it has failed, and somebody must look.
 *
 * An instance that stayed ready for a while has proven that it can run: what it did before is forgotten.
 */
export interface CrashPolicy {
  /** So many crashes … */
  readonly crashes: number;
  /** … within so many milliseconds are a crash loop. */
  readonly withinMs: number;
  /** Ready for so many milliseconds: earlier crashes are forgotten. */
  readonly stableMs: number;
  readonly backoff: Backoff;
}

/** Times of the crashes that count, oldest first, in milliseconds of a monotonic clock. */
export type CrashHistory = readonly number[];

export interface Crash {
  readonly at: number;
  /** How long it had been ready; 0: it never was. */
  readonly readyMs: number;
}

export type CrashVerdict = { readonly restart: true; readonly waitMs: number } | { readonly restart: false };

export function rememberCrash(history: CrashHistory, crash: Crash, policy: CrashPolicy): CrashHistory {
  const counting = crash.readyMs >= policy.stableMs ? [] : history;
  return [...counting.filter((at) => crash.at - at < policy.withinMs), crash.at];
}

/** @param history with the crash just remembered */
export function judgeCrashes(history: CrashHistory, policy: CrashPolicy, random?: () => number): CrashVerdict {
  if (history.length >= policy.crashes) return { restart: false };
  return { restart: true, waitMs: history.length <= 1 ? 0 : backoffMs(history.length - 1, policy.backoff, random) };
}
