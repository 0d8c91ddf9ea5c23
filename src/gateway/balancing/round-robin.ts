import type { Candidate, SelectorFactory } from "./candidate.ts";

/**
 * Everyone in turn, weights ignored. A cold candidate lets its turn pass as often as slow start asks; when all let it
 * pass, the next in line takes it. The first turn is drawn, so that gateways that start together do not all begin with the
 * same upstream.
 */
export const roundRobin: SelectorFactory = (random) => {
  let turn = Math.floor(random() * 0x3fff_ffff);

  return (candidates) => {
    const { length } = candidates;
    if (length === 0) return undefined;
    let candidate: Candidate;
    let asked = 0;
    if (turn >= length) turn %= length;
    do {
      candidate = candidates[turn]!;
      turn = turn + 1 === length ? 0 : turn + 1;
      asked++;
    } while (candidate.warmth < 1 && asked <= length && random() >= candidate.warmth);
    return candidate;
  };
};
