import type { Candidate, SelectorFactory } from "./candidate.ts";
import { mix32 } from "./hash.ts";
import { RendezvousTable } from "./rendezvous-table.ts";

/**
 * The same key meets the same upstream, so that its cache is warm, as long as that upstream does not carry more than its
 * bound: 1.25 × the mean load, by weight. Keys beyond the bound go on to further upstreams, in an order that is their own:
 * each jump is a new hash of the key. On a ring the overflow of a hot upstream would all fall on its neighbour.
 *
 * Invariant: after a choice, the chosen one's requests in flight are at most ⌈1.25 × all requests × its weight / all
 * weights⌉. Someone always fits, since the bounds add up to more than the requests.
 *
 * Warmth is not looked at: a share that grows with time would move each key twice.
 *
 * Sources: Mirrokni, Thorup and Zadimoghaddam, "Consistent Hashing with Bounded Loads" (2018); Chen, Coleman and
 * Shrivastava, "Revisiting Consistent Hashing with Bounded Loads" (2021), for the jumps.
 */
const boundOverMean = 1.25;

/** Enough to find room with near certainty unless nearly all are full; then everyone is looked at. */
const maxJumps = 16;

export const consistentHash: SelectorFactory = () => {
  const table = new RendezvousTable();
  let compiled: readonly Candidate[] = [];
  let weights = 0;

  return (candidates, key) => {
    if (candidates !== compiled) {
      table.update(candidates);
      weights = candidates.reduce((sum, { weight }) => sum + weight, 0);
      compiled = candidates;
    }
    let hash = mix32(key);
    const home = table.get(hash);
    // No bound is below one: an idle upstream needs no sums.
    if (home === undefined || home.inFlight === 0) return home;

    const boundPerWeight = (boundOverMean * (requestsOf(candidates) + 1)) / weights;
    for (let jump = 0; jump < maxJumps; jump++) {
      const candidate = table.get(hash)!;
      if (hasRoom(candidate, boundPerWeight)) return candidate;
      hash = mix32(hash + jump + 1);
    }
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[(hash + i) % candidates.length]!;
      if (hasRoom(candidate, boundPerWeight)) return candidate;
    }
    return home;
  };
};

function hasRoom(candidate: Candidate, boundPerWeight: number): boolean {
  return candidate.inFlight < Math.ceil(boundPerWeight * candidate.weight);
}

function requestsOf(candidates: readonly Candidate[]): number {
  let sum = 0;
  for (let i = 0; i < candidates.length; i++) sum += candidates[i]!.inFlight;
  return sum;
}
