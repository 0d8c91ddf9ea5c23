import type { Candidate, SelectorFactory } from "./candidate.ts";

/**
 * The candidate with the fewest requests in flight for its share (weight × warmth). Slow upstreams hold their requests
 * longer and so are given fewer, without anyone measuring latency.
 *
 * Ties are the rule when there is little to do. They are drawn in proportion to the shares, in one pass (reservoir sampling:
 * the n-th of equals replaces the one held so far with the chance share / sum of the shares seen), so that an idle fleet is
 * used as evenly, and a cold or light upstream as carefully, as a busy one.
 */
export const leastConnections: SelectorFactory = (random) => (candidates) => {
  let least = Infinity;
  let chosen: Candidate | undefined;
  let tiedShares = 0;
  for (let i = 0; i < candidates.length; i++) {
    const candidate = candidates[i]!;
    const share = candidate.weight * candidate.warmth;
    const load = candidate.inFlight / share;
    if (load < least) {
      least = load;
      chosen = candidate;
      tiedShares = share;
    } else if (load === least) {
      tiedShares += share;
      if (random() * tiedShares < share) chosen = candidate;
    }
  }
  return chosen;
};
