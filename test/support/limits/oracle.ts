import type { Quota } from "../../../src/config/index.ts";

/** Keeps a log of all that was let through of one key, and knows from it alone what may be. It is slow, and right. */
export interface Oracle {
  /** Nothing that was promised is broken if so much more is let through now. */
  mayAdmit(time: number, amount: number): boolean;
  /** A store that refuses it refuses too much. */
  mustAdmit(time: number, amount: number): boolean;
  record(time: number, amount: number): void;
  /** When the oldest that counts ceases to, if there is such a moment. */
  edge(): number | undefined;
}

export function createOracle(quota: Quota): Oracle {
  return quota.algorithm === "gcra" ? new StretchLog(quota) : new SlidingLog(quota);
}

/** No stretch (t − window, t] holds more than the count. Above 256, entries may be kept for a 256th of the window too long. */
class SlidingLog implements Oracle {
  readonly #quota: Quota;
  readonly #toleranceMs: number;
  readonly #log: { time: number; amount: number }[] = [];
  /** All before it are past counting. */
  #from = 0;

  constructor(quota: Quota) {
    this.#quota = quota;
    this.#toleranceMs = quota.count > 256 ? quota.windowMs / 256 : 0;
  }

  mayAdmit(time: number, amount: number): boolean {
    return this.#usedAfter(time - this.#quota.windowMs) + amount <= this.#quota.count;
  }

  mustAdmit(time: number, amount: number): boolean {
    return this.#usedAfter(time - this.#quota.windowMs - this.#toleranceMs) + amount <= this.#quota.count;
  }

  record(time: number, amount: number): void {
    this.#log.push({ time, amount });
    const past = time - 2 * this.#quota.windowMs;
    while (this.#log[this.#from]!.time < past) this.#from++;
    if (this.#from > 1_000) this.#log.splice(0, this.#from);
    if (this.#from > 1_000) this.#from = 0;
  }

  edge(): number | undefined {
    const { windowMs } = this.#quota;
    const newest = this.#log.at(-1);
    if (newest === undefined) return undefined;
    let oldest = this.#from;
    while (this.#log[oldest]!.time <= newest.time - windowMs) oldest++;
    return this.#log[oldest]!.time + windowMs;
  }

  #usedAfter(time: number): number {
    let used = 0;
    for (let i = this.#log.length - 1; i >= this.#from && this.#log[i]!.time > time; i--) used += this.#log[i]!.amount;
    return used;
  }
}

/**
 * For every i ≤ n, what was let through from the i-th to the n-th is at most burst + (t_n − t_i) · count / window. With P_n the sum of all
 * until n, times the window: P_n − count · t_n is at most burst · window above each P_(i−1) − count · t_i; so the least of these tells it.
 */
class StretchLog implements Oracle {
  readonly #quota: Quota;
  #sum = 0;
  #least = Infinity;
  #last: number | undefined;

  constructor(quota: Quota) {
    this.#quota = quota;
  }

  mayAdmit(time: number, amount: number): boolean {
    const { count, windowMs, burst } = this.#quota;
    const base = this.#sum - count * time;
    return base + amount * windowMs - Math.min(this.#least, base) <= burst * windowMs;
  }

  mustAdmit(time: number, amount: number): boolean {
    return this.mayAdmit(time, amount);
  }

  record(time: number, amount: number): void {
    this.#least = Math.min(this.#least, this.#sum - this.#quota.count * time);
    this.#sum += amount * this.#quota.windowMs;
    this.#last = time;
  }

  edge(): number | undefined {
    return this.#last === undefined ? undefined : this.#last + Math.ceil(this.#quota.windowMs / this.#quota.count);
  }
}
