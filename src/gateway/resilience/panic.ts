import { isEjected, isInRotation, type Standing } from "./outlier-ejection.ts";

/**
 * Who may be given requests. Normally those in rotation: healthy, not ejected, not draining. But when fewer than half of the
 * upstreams are left, their number is a worse danger than their state: the rest would be crushed by everyone's load, and a
 * verdict that condemns most of a fleet is more likely wrong than right. Then all are used, healthy or not. This is called
 * panic. Those that drain are never used and never counted.
 *
 * Asked when something changed (a new snapshot, a verdict, an ejection) and when `validUntil` has come, not for every
 * request.
 *
 * Source: Envoy, "Panic threshold" (healthy_panic_threshold, 50 %).
 */
export interface Eligible<Upstream> {
  /** In the order given; empty only when all drain. A new array each time. */
  readonly upstreams: readonly Upstream[];
  readonly isPanicking: boolean;
  /** When the next ejection ends, in milliseconds; `Infinity`: none will. */
  readonly validUntil: number;
}

export const panicThreshold = 0.5;

export function eligible<Upstream extends Standing>(
  upstreams: readonly Upstream[],
  now: number,
  threshold: number = panicThreshold,
): Eligible<Upstream> {
  const serving = upstreams.filter((upstream) => !upstream.draining);
  const inRotation = serving.filter((upstream) => isInRotation(upstream, now));
  const isPanicking = inRotation.length < serving.length * threshold;
  return { upstreams: isPanicking ? serving : inRotation, isPanicking, validUntil: nextReturn(serving, now) };
}

function nextReturn(upstreams: readonly Standing[], now: number): number {
  let next = Infinity;
  for (const { outlier } of upstreams) if (isEjected(outlier, now)) next = Math.min(next, outlier.ejectedUntil);
  return next;
}
