/** What clients ask for, one after the other. */
export interface TraceRequest {
  readonly path: string;
  /** Of the answer's body. */
  readonly bytes: number;
  /** By one who reads everything once, and whose requests nobody can expect to hit. */
  readonly isScan: boolean;
}

export interface Trace {
  readonly requests: readonly TraceRequest[];
  /** Only from this one on is counted: before, caches fill. */
  readonly countedFrom: number;
  /** Of all that is asked for again and again. */
  readonly bytes: number;
}

/** Numbers that look drawn, the same in every run (mulberry32). */
export function* draws(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
