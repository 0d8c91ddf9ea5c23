import { mix32 } from "./hash.ts";

/**
 * Rendezvous hashing, also called highest random weight: for each key, every candidate draws a number from the pair (key,
 * candidate), and the best draw wins. A candidate that leaves gives up only its own keys, spread over all others by their
 * weights; one that joins takes only what it wins. No other scheme moves fewer keys.
 *
 * With weights the draw is a race of exponential clocks: the time −ln(u) / weight, u uniform in (0, 1), and the earliest
 * wins, which candidate i does with the chance weight i / sum of weights.
 *
 * Sources: Thaler and Ravishankar, "Using Name-Based Mappings to Increase Hit Rates" (1998); Schindelhauer and Schomaker,
 * "Weighted Distributed Hash Tables" (2005).
 */

/** The candidate's draw for this key, uniform in (0, 1). `seed` and `key` are 32-bit hashes. */
export function draw(seed: number, key: number): number {
  return (mix32(seed ^ mix32(key)) + 0.5) / 0x1_0000_0000;
}

/**
 * The time of a draw in the race, or `Infinity` when it is certain to be later than `toBeat`. Most draws lose, and since
 * −ln(u) >= 1 − u, most of those are found out without a logarithm.
 */
export function raceTime(drawn: number, weight: number, toBeat: number): number {
  return (1 - drawn) / weight > toBeat ? Infinity : -Math.log(drawn) / weight;
}
