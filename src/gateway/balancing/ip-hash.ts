import type { Candidate, SelectorFactory } from "./candidate.ts";
import { hash32 } from "./hash.ts";
import { draw, raceTime } from "./rendezvous.ts";

/**
 * The same client always meets the same upstream, whatever its load, for as long as that upstream is in rotation. Chosen by
 * rendezvous hashing rather than, as nginx's `ip_hash`, by a remainder, so that scaling moves only the clients it must.
 * Warmth is not looked at: a share that grows with time would move each client twice.
 */
export const ipHash: SelectorFactory = () => {
  let compiled: readonly Candidate[] = [];
  let seeds = new Uint32Array(0);

  return (candidates, key) => {
    if (candidates !== compiled) {
      seeds = Uint32Array.from(candidates, (candidate) => hash32(candidate.id));
      compiled = candidates;
    }
    let earliest = Infinity;
    let winner = candidates[0];
    for (let i = 0; i < candidates.length; i++) {
      const candidate = candidates[i]!;
      const time = raceTime(draw(seeds[i]!, key), candidate.weight, earliest);
      if (time < earliest || (time === earliest && candidate.id < winner!.id)) {
        earliest = time;
        winner = candidate;
      }
    }
    return winner;
  };
};
