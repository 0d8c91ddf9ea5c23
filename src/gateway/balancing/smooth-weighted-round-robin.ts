import type { Candidate, SelectorFactory } from "./candidate.ts";

/**
 * Everyone in proportion to its weight, spread evenly: weights 5, 1, 1 give a a b a c a a, not a a a a a b c.
 *
 * Each turn, every candidate's score grows by its share (weight × warmth); the highest score wins, the first of equals, and
 * pays the sum of all shares. So scores keep their sum, and over one period each wins exactly its share of the turns.
 *
 * Source: nginx, `ngx_http_upstream_get_peer` in ngx_http_upstream_round_robin.c (since 1.3.1).
 */
export const smoothWeightedRoundRobin: SelectorFactory = () => {
  let compiled: readonly Candidate[] = [];
  /** By position in `compiled`. */
  let scores = new Float64Array(0);

  return (candidates) => {
    if (candidates !== compiled) {
      scores = carryOver(compiled, scores, candidates);
      compiled = candidates;
    }
    let sum = 0;
    let highest = -Infinity;
    let winner = -1;
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      const share = candidate.weight * candidate.warmth;
      const score = scores[i]! + share;
      scores[i] = score;
      sum += share;
      if (score > highest) {
        highest = score;
        winner = i;
      }
    }
    if (winner === -1) return undefined;
    scores[winner] = highest - sum;
    return candidates[winner];
  };
};

/** Who stays keeps its score; newcomers begin at zero. */
function carryOver(
  from: readonly Candidate[],
  scores: Float64Array,
  to: readonly Candidate[],
): Float64Array<ArrayBuffer> {
  const byId = new Map(from.map((candidate, i) => [candidate.id, scores[i]!]));
  return Float64Array.from(to, (candidate) => byId.get(candidate.id) ?? 0);
}
