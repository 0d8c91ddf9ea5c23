import type { Candidate, SelectorFactory } from "./candidate.ts";

/**
 * Draws two different candidates and takes the better one: the one with the lower latency estimate × (requests in flight
 * + 1) for its share (weight × warmth). Two draws are enough to keep the fullest queue exponentially shorter than one draw
 * does, at a cost that does not grow with the number of upstreams, and, unlike "the best of all", gateways that cannot see
 * each other's requests do not all run to the same upstream.
 *
 * Sources: Mitzenmacher, "The Power of Two Choices in Randomized Load Balancing" (2001); Finagle's P2CPeakEwma.
 */
export const p2cEwma: SelectorFactory = (random) => (candidates, _key, now) => {
  const { length } = candidates;
  if (length < 2) return candidates[0];
  const first = Math.floor(random() * length);
  let second = Math.floor(random() * (length - 1));
  if (second >= first) second++;
  const one = candidates[first]!;
  const other = candidates[second]!;
  return expectedWait(other, now) < expectedWait(one, now) ? other : one;
};

/** An upstream that has requests but no answer yet may be broken: it waits behind everyone that is known to answer. */
const unknownMs = 1e9;

/** What the candidates are compared by. */
export function expectedWait(candidate: Candidate, now: number): number {
  const estimateMs = candidate.peakEwma.at(now);
  const perRequest = estimateMs === 0 && candidate.inFlight > 0 ? unknownMs : estimateMs;
  return (perRequest * (candidate.inFlight + 1)) / (candidate.weight * candidate.warmth);
}
