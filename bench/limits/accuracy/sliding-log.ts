/**
 * What would have been let through, and what was, in any window (t − window, t]. It knows nothing of how limits are counted, and is slow and right.
 */

/** @param times of requests, in order. @returns of those that a limiter without any error lets through */
export function admitExactly(times: readonly number[], count: number, windowMs: number): number[] {
  const admitted: number[] = [];
  let oldest = 0;
  for (const time of times) {
    while (oldest < admitted.length && admitted[oldest]! <= time - windowMs) oldest++;
    if (admitted.length - oldest < count) admitted.push(time);
  }
  return admitted;
}

/**
 * Of what was decided between a start and an end, how much was decided in one window for certain, at most: whoever was asked before the window
 * or answered behind it may have been decided there.
 *
 * @param starts in order. @param ends in order; nothing takes longer than a window
 */
export function mostWithin(starts: readonly number[], ends: readonly number[], windowMs: number): number {
  let [most, before] = [0, 0];
  for (const [i, end] of ends.entries()) {
    while (starts[before]! <= end - windowMs) before++;
    most = Math.max(most, i + 1 - before);
  }
  return most;
}
