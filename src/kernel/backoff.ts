export interface Backoff {
  readonly baseMs: number;
  readonly maxMs: number;
}

/**
 * Exponential backoff with equal jitter: half of the wait is fixed, so that a retry is never immediate; half is
 * random, so that many clients do not return together.
 *
 * @param attempt 1 for the first retry
 * @returns milliseconds to wait
 */
export function backoffMs(attempt: number, { baseMs, maxMs }: Backoff, random: () => number = Math.random): number {
  const ceiling = Math.min(maxMs, baseMs * 2 ** (attempt - 1));
  return ceiling / 2 + (ceiling / 2) * random();
}
