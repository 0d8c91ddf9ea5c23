/**
 * Slow start: an upstream that has just become ready has cold caches, an unoptimised JIT and few connections, so its share
 * grows over a window instead of being whole at once. Shares are relative: when all upstreams are equally cold, none is
 * held back.
 *
 * Source: Envoy, "Slow start mode": weight × max(minimum, (age / window) ^ (1 / aggression)).
 */
export interface SlowStart {
  readonly windowMs: number;
  /** The share it begins with, more than 0. */
  readonly minimum: number;
  /** 1: linear; more: fast at first. */
  readonly aggression: number;
}

export const slowStartDefaults: SlowStart = { windowMs: 10_000, minimum: 0.1, aggression: 1 };

/** The warmth of an upstream that became ready at `readyAt`; both times in milliseconds of the same clock. */
export function warmthAt(readyAt: number, now: number, slowStart: SlowStart = slowStartDefaults): number {
  const { windowMs, minimum, aggression } = slowStart;
  const age = now - readyAt;
  if (age >= windowMs) return 1;
  if (age <= 0) return minimum;
  const grown = aggression === 1 ? age / windowMs : (age / windowMs) ** (1 / aggression);
  return Math.max(minimum, grown);
}
