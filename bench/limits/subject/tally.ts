import type { Decider } from "../deciders/decider.ts";

/** Counts answers. */
export class Tally {
  decisions = 0;
  refused = 0;
  errors = 0;
  readonly #decider: Decider;

  constructor(decider: Decider) {
    this.#decider = decider;
  }

  add(answer: unknown): void {
    this.decisions++;
    if (!this.#decider.isAdmitted(answer)) this.refused++;
  }

  addRejection(reason: unknown): void {
    this.decisions++;
    if (reason instanceof Error) this.errors++;
    else this.refused++;
  }
}
