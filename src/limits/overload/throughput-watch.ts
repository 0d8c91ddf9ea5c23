import type { LoadSample } from "./load-sample.ts";

/**
 * Answers per millisecond, while all places are taken: how many there are now, and how many there have been at best. If a lower limit was right,
 * there are no fewer.
 */
export interface ThroughputWatch {
  readonly recent: number;
  readonly best: number;
  /** So long it was looked, up to `spanMs`. */
  readonly watchedMs: number;
  /** So long it has been clearly fewer. */
  readonly fewerMs: number;
}

export const unwatched: ThroughputWatch = { recent: 0, best: 0, watchedMs: 0, fewerMs: 0 };

const spanMs = 2_000;
/** Of a sample; while there are places for all, answers are as many as are asked for, and say nothing of how many there could be. */
const nearlyAll = 0.8;
/** The best is forgotten by and by. */
const forgetMs = 60_000;

/** @param clearlyFewer as a share of the best */
export function watchThroughput(
  watch: ThroughputWatch,
  { answers, durationMs, contendedMs }: LoadSample,
  clearlyFewer: number,
): ThroughputWatch {
  if (contendedMs < durationMs * nearlyAll) return watch;
  const watchedMs = Math.min(spanMs, watch.watchedMs + durationMs);
  const rate = answers / durationMs;
  const recent = watch.recent + Math.min(1, durationMs / watchedMs) * (rate - watch.recent);
  const faded = watch.best + Math.min(1, durationMs / forgetMs) * (recent - watch.best);
  const best = watchedMs < spanMs / 2 ? 0 : Math.max(recent, faded);
  const isFewer = recent < best * clearlyFewer;
  return { recent, best, watchedMs, fewerMs: isFewer ? watch.fewerMs + durationMs : 0 };
}
