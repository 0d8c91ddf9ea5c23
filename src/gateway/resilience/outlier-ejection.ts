/**
 * Outlier ejection: an upstream that keeps failing real requests leaves the rotation for a while, without waiting for a
 * health check to notice.
 *
 * After 5 failures in a row (5xx answers, refused, reset or timed-out connections) it is ejected for 30 s × the number of
 * ejections so far, at most 300 s; each 10 s in rotation since the last return takes one ejection off that number. It comes
 * back by time alone. Not ejected is who would make it more than 10 % of the upstreams (though one always may be), or who is
 * the last one left in rotation: a bad upstream is better than none.
 *
 *     in rotation --5th failure in a row, room to eject--> ejected --time is up--> in rotation
 *
 * A refused ejection keeps the count, so the next failure asks again. Answers that arrive during the ejection, to requests
 * sent before it, count for nothing.
 *
 * Source: Envoy, "Outlier detection" (consecutive_5xx, base_ejection_time, max_ejection_time, max_ejection_percent,
 * always_eject_one_host, max_ejection_time_jitter, interval) with its defaults.
 */
export interface OutlierPolicy {
  readonly consecutiveFailures: number;
  readonly baseMs: number;
  readonly maxMs: number;
  /** Share of the upstreams that may be ejected at once, 0 to 1. */
  readonly maxShare: number;
  /** In rotation for this long: one ejection is forgotten. */
  readonly forgetMs: number;
  /** Up to so much is added by chance, so that upstreams ejected together do not return together. */
  readonly jitterMs: number;
}

export const outlierDefaults: OutlierPolicy = {
  consecutiveFailures: 5,
  baseMs: 30_000,
  maxMs: 300_000,
  maxShare: 0.1,
  forgetMs: 10_000,
  jitterMs: 0,
};

/** What is remembered of one upstream. */
export interface OutlierRecord {
  /** In a row. */
  failures: number;
  /** Not yet forgotten ones. */
  ejections: number;
  /** In milliseconds; 0: never. */
  ejectedUntil: number;
}

/** What decides whether an upstream is in rotation. */
export interface Standing {
  /** Gets no new request, whatever else holds. */
  readonly draining: boolean;
  /** The verdict of the active health checks. */
  readonly healthy: boolean;
  readonly outlier: OutlierRecord;
}

export function createOutlierRecord(): OutlierRecord {
  return { failures: 0, ejections: 0, ejectedUntil: 0 };
}

export function isEjected(record: OutlierRecord, now: number): boolean {
  return now < record.ejectedUntil;
}

export function isInRotation(upstream: Standing, now: number): boolean {
  return !upstream.draining && upstream.healthy && !isEjected(upstream.outlier, now);
}

export function recordSuccess(record: OutlierRecord): void {
  record.failures = 0;
}

/**
 * Counts a failure of `upstream`, one of `upstreams`, and ejects it when it is its time.
 *
 * @returns whether it was ejected by this failure
 */
export function recordFailure(
  upstream: Standing,
  upstreams: readonly Standing[],
  now: number,
  policy: OutlierPolicy = outlierDefaults,
  random: () => number = Math.random,
): boolean {
  const record = upstream.outlier;
  if (isEjected(record, now)) return false;
  record.failures++;
  if (record.failures < policy.consecutiveFailures || !mayEject(upstream, upstreams, now, policy)) return false;

  const forgotten = Math.floor((now - record.ejectedUntil) / policy.forgetMs);
  record.ejections = Math.max(0, record.ejections - forgotten) + 1;
  record.ejectedUntil = now + Math.min(policy.maxMs, policy.baseMs * record.ejections) + policy.jitterMs * random();
  record.failures = 0;
  return true;
}

function mayEject(upstream: Standing, upstreams: readonly Standing[], now: number, policy: OutlierPolicy): boolean {
  let all = 0;
  let ejected = 0;
  let othersInRotation = 0;
  for (const each of upstreams) {
    if (each.draining) continue;
    all++;
    if (isEjected(each.outlier, now)) ejected++;
    if (each !== upstream && isInRotation(each, now)) othersInRotation++;
  }
  return othersInRotation > 0 && ejected + 1 <= Math.max(1, Math.floor(all * policy.maxShare));
}
