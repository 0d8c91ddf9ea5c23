/** Counted since the process started, whatever becomes of the settings. */
export interface Counts {
  admitted: number;
  refused: number;
  decidedAway: number;
}

export class LimitCounter {
  readonly #counts = new Map<string, Counts>();

  of(limit: string): Counts {
    let counts = this.#counts.get(limit);
    if (counts === undefined) this.#counts.set(limit, (counts = { admitted: 0, refused: 0, decidedAway: 0 }));
    return counts;
  }
}
