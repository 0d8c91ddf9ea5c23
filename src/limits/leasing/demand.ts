/** How much is wanted lately: a count that fades, so that one number and its time are all that is kept. */
export class Demand {
  #level = 0;
  #at: number;

  constructor(now: number) {
    this.#at = now;
  }

  add(amount: number, now: number, spanMs: number): void {
    if (now - this.#at >= spanMs / 16) this.#fade(now, spanMs);
    this.#level += amount;
  }

  /** Per millisecond. */
  rate(now: number, spanMs: number): number {
    this.#fade(now, spanMs);
    return this.#level / spanMs;
  }

  #fade(now: number, spanMs: number): void {
    this.#level *= Math.exp((this.#at - now) / spanMs);
    this.#at = now;
  }
}
