import type { PeakEwma } from "./peak-ewma.ts";

/** One upstream as the balancer sees it. The gateway keeps the figures current; selectors only read them. */
export interface Candidate {
  readonly id: string;
  /** Its stable position among the upstreams of its service. */
  readonly index: number;
  /** More than 0. */
  readonly weight: number;
  /** Requests it was given and has not finished. */
  inFlight: number;
  readonly peakEwma: PeakEwma;
  /** Share of its weight that slow start grants by now: more than 0, 1 when warm. */
  warmth: number;
}

/**
 * Chooses one of the candidates; `undefined` only when there are none. Selectors compile what they need when they are
 * handed another array, so the array is replaced, never changed in place, when a candidate comes or goes.
 *
 * @param key 32-bit hash of what the request is kept together by; only the hashing selectors look at it
 * @param now milliseconds, of the clock that the latencies were observed with
 */
export type Selector = (candidates: readonly Candidate[], key: number, now: number) => Candidate | undefined;

/** State, such as whose turn it is, lives in the selector and survives changes of the candidates. */
export type SelectorFactory = (random: () => number) => Selector;
