import type { Quota } from "../../config/index.ts";
import type { Cell } from "./cell.ts";

/**
 * A sliding log: what was let through, with its time, for as long as it counts. In no stretch (t − window, t] are there more than `count`.
 *
 * For counts up to 256 it is exact. Above, what falls into one slot of window / 256 is one entry with the slot's *end* for its time: so it
 * counts too long rather than too short, by a slot at most, and nothing is ever over-admitted; and an entry a token would be too much to keep.
 *
 * **Leases.** What is leased may be spent until its *stamp*, and is entered with that as its time: it counts at once, and until a window
 * after the last moment at which it can have been spent. What is given back is taken out of the log.
 *
 * The log is a ring of pairs, a stamp and how many tokens, oldest first: what is read together lies together. Times nearly always come in order; only
 * those that are decided between leases are sorted in.
 */
export class SlidingWindowCell implements Cell {
  quota: Quota;
  /** Room for one pair at first. The fraction makes it one of floating point from the start, as engines keep them. */
  #log: number[] = [0.5, 0];
  #first = 0;
  #length = 0;
  #used = 0;

  constructor(quota: Quota) {
    this.quota = quota;
  }

  waitMs(amount: number, now: number): number {
    this.#expire(now);
    const { count, windowMs } = this.quota;
    let excess = this.#used + amount - count;
    if (excess <= 0) return 0;
    if (amount > count) return Infinity;
    let position = 0;
    while ((excess -= this.#amountOf(position)) > 0) position++;
    return this.#stampOf(position) + windowMs - now;
  }

  take(amount: number, now: number): void {
    this.#enter(this.#stampAt(now), amount);
  }

  lease(amount: number, holdMs: number, now: number): { granted: number; stamp: number } {
    this.#expire(now);
    const stamp = this.#stampAt(now + holdMs);
    const granted = Math.max(0, Math.min(amount, this.quota.count - this.#used));
    if (granted > 0) this.#enter(stamp, granted);
    return { granted, stamp };
  }

  giveBack(amount: number, stamp: number, now: number): void {
    this.#expire(now);
    for (let i = this.#length - 1; i >= 0; i--) {
      if (this.#stampOf(i) !== stamp) continue;
      const given = Math.min(amount, this.#amountOf(i));
      this.#add(i, -given);
      this.#used -= given;
      break;
    }
    // Elsewhere an entry of nothing stays until its time comes; at the end it would put off the reset.
    while (this.#length > 0 && this.#amountOf(this.#length - 1) === 0) this.#length--;
  }

  adopt(quota: Quota): void {
    this.quota = quota;
  }

  used(now: number): number {
    this.#expire(now);
    return this.#used;
  }

  resetMs(now: number): number {
    this.#expire(now);
    if (this.#used === 0) return 0;
    return this.#stampOf(this.#length - 1) + this.quota.windowMs - now;
  }

  #stampAt(time: number): number {
    const { count, windowMs } = this.quota;
    if (count <= maxExact) return time;
    const slotMs = windowMs / maxExact;
    const stamp = Math.ceil(time / slotMs) * slotMs;
    return stamp > time ? stamp : time;
  }

  #expire(now: number): void {
    const { windowMs } = this.quota;
    while (this.#length > 0 && this.#stampOf(0) + windowMs <= now) {
      this.#used -= this.#amountOf(0);
      this.#first = this.#placeOf(1);
      this.#length--;
    }
  }

  #enter(stamp: number, amount: number): void {
    this.#used += amount;
    let after = this.#length;
    while (after > 0 && this.#stampOf(after - 1) > stamp) after--;
    if (after > 0 && this.#stampOf(after - 1) === stamp) {
      this.#add(after - 1, amount);
      return;
    }
    if (2 * this.#length === this.#log.length) this.#grow();
    for (let i = this.#length; i > after; i--) this.#put(i, this.#stampOf(i - 1), this.#amountOf(i - 1));
    this.#put(after, stamp, amount);
    this.#length++;
  }

  /** In the log, counted from the oldest. Its length is a power of two. */
  #placeOf(position: number): number {
    return (this.#first + 2 * position) & (this.#log.length - 1);
  }

  #stampOf(position: number): number {
    return this.#log[this.#placeOf(position)]!;
  }

  #amountOf(position: number): number {
    return this.#log[this.#placeOf(position) + 1]!;
  }

  #add(position: number, amount: number): void {
    this.#log[this.#placeOf(position) + 1]! += amount;
  }

  #put(position: number, stamp: number, amount: number): void {
    const at = this.#placeOf(position);
    this.#log[at] = stamp;
    this.#log[at + 1] = amount;
  }

  /** To the next power of two, and no more. What the new half holds nobody reads. Never with holes, as arrays that have any are slow. */
  #grow(): void {
    const ordered = [...this.#log.slice(this.#first), ...this.#log.slice(0, this.#first)];
    this.#log = ordered.concat(ordered);
    this.#first = 0;
  }
}

const maxExact = 256;
