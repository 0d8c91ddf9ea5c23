/** Upper bounds in milliseconds, as Prometheus users expect of request durations. */
export const durationBoundsMs: readonly number[] = [
  1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000,
];

export interface HistogramFigures {
  /** One per bound, and one for what exceeds the last; not cumulative. */
  readonly counts: readonly number[];
  readonly count: number;
  readonly sumMs: number;
}

/** Durations by fixed buckets: observing costs a short scan and no allocation. */
export class DurationHistogram {
  readonly #counts = new Float64Array(durationBoundsMs.length + 1);
  #sumMs = 0;
  #count = 0;

  observe(ms: number): void {
    let bucket = 0;
    while (bucket < durationBoundsMs.length && ms > durationBoundsMs[bucket]!) bucket++;
    this.#counts[bucket]!++;
    this.#sumMs += ms;
    this.#count++;
  }

  figures(): HistogramFigures {
    return { counts: [...this.#counts], count: this.#count, sumMs: this.#sumMs };
  }
}
