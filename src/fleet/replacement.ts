/**
 * Which unhealthy instance to replace, one at a time.
 *
 * Restarting mends an instance that is broken; it does not mend what an instance depends on. When the database is away, every
 * instance of a service says that it is not ready: restarting them would only add the load of starting to the trouble, and leave cold
 * instances when the database returns. So an instance that *answers* that it is unhealthy is replaced only while another one of its
 * service is healthy, which shows that it can be better; and only after a while, since the verdict on the others may be about to
 * fall too, or, when one of them has just come back, the verdict on this one about to rise. One that does *not answer at all* hangs, and cannot come back by itself: it is replaced at once, also when it is the
 * only one. Even then nothing is lost by being wrong, since the old one stays until its replacement is ready, which it cannot
 * become while the dependency is away; and attempts are further and further apart.
 */
export interface ReplacementCandidate {
  readonly isReady: boolean;
  readonly isHealthy: boolean;
  /** Whether it answered the last health check, with whatever. */
  readonly hasAnswered: boolean;
  /** Epoch milliseconds of the verdict. */
  readonly judgedAt: number;
}

export interface ReplacementChoice<T> {
  readonly replaced: T;
  /** Not before so many milliseconds. */
  readonly waitMs: number;
}

/** @param settleMs by then every instance that shares a trouble is known to have it, or to have it no more */
export function chooseReplaced<T extends ReplacementCandidate>(
  instances: readonly T[],
  now: number,
  settleMs: number,
): ReplacementChoice<T> | undefined {
  const ready = instances.filter((each) => each.isReady);
  const healthySince = Math.min(...ready.filter((each) => each.isHealthy).map((each) => each.judgedAt));
  return ready
    .filter((each) => !each.isHealthy && (healthySince < Infinity || !each.hasAnswered))
    .map((each) => ({
      replaced: each,
      waitMs: each.hasAnswered ? Math.max(0, Math.max(each.judgedAt, healthySince) + settleMs - now) : 0,
    }))
    .toSorted((a, b) => a.waitMs - b.waitMs || a.replaced.judgedAt - b.replaced.judgedAt)[0];
}
