import type { Quota } from "../../config/index.ts";
import type { Cell } from "./cell.ts";

/**
 * The generic cell rate algorithm (ITU-T I.371, annex A), in its form as a leaky bucket, which gives the same answers as that with theoretical
 * arrival times, and keeps its precision when tokens come faster than the clock's digits: what is used is a *debt* that time pays
 * back, of which there may be no more than the burst. In any stretch of x milliseconds no more than burst + x · count / window are let through.
 *
 * Debt is counted in token-milliseconds: a token weighs `windowMs`, a millisecond pays `count` back. On whole milliseconds all of it is whole
 * numbers, and exact.
 *
 * **Leases.** What is leased may be spent until its *stamp*, so it begins to be paid back only then; until then it is held, and takes room like debt.
 * Why this never over-admits: what is spent in a stretch (s, s + x] was leased with a stamp after s. At the last grant before the end of the
 * stretch each of these leases is either still held, or has become debt after s, and has been paid back for less than x. So their sum is at most
 * what took room at that grant, which is at most the burst, and x · count / window. And as nothing of it is paid back before its stamp, what is
 * given back until then leaves no trace.
 *
 * Stamps are rounded up to eighths of the hold, so that few are kept, however many lease.
 */
export class GcraCell implements Cell {
  quota: Quota;
  #debt = 0;
  #at = 0;
  #held: Held[] | undefined;
  #heldDebt = 0;

  constructor(quota: Quota) {
    this.quota = quota;
  }

  waitMs(amount: number, now: number): number {
    this.#settle(now);
    const { quota } = this;
    const excess = this.#debt + this.#heldDebt + (amount - quota.burst) * quota.windowMs;
    if (excess <= 0) return 0;
    if (amount > quota.burst) return Infinity;
    return this.#held === undefined ? excess / quota.count : this.#payBackMs(excess, now);
  }

  take(amount: number, now: number): void {
    this.#settle(now);
    this.#debt += amount * this.quota.windowMs;
  }

  lease(amount: number, holdMs: number, now: number): { granted: number; stamp: number } {
    this.#settle(now);
    const { burst, windowMs } = this.quota;
    const slotMs = holdMs / 8;
    const stamp = Math.max(now + holdMs, Math.ceil((now + holdMs) / slotMs) * slotMs);
    const room = Math.floor(burst - (this.#debt + this.#heldDebt) / windowMs);
    const granted = Math.max(0, Math.min(amount, room));
    if (granted > 0) this.#hold(stamp, granted * windowMs);
    return { granted, stamp };
  }

  giveBack(amount: number, stamp: number, now: number): void {
    this.#settle(now);
    const held = this.#held?.find((each) => each.stamp === stamp);
    if (held === undefined) return;
    const debt = Math.min(held.debt, amount * this.quota.windowMs);
    held.debt -= debt;
    this.#heldDebt -= debt;
  }

  /** More than the burst cannot be owed: else a caller who has used much would pay it back for days at a small rate. */
  adopt(quota: Quota, now: number): void {
    this.#settle(now);
    const scale = quota.windowMs / this.quota.windowMs;
    const most = quota.burst * quota.windowMs;
    this.#debt = Math.min(this.#debt * scale, most);
    this.#heldDebt = 0;
    for (const held of this.#held ?? []) {
      held.debt = Math.min(held.debt * scale, most - this.#debt - this.#heldDebt);
      this.#heldDebt += held.debt;
    }
    this.quota = quota;
  }

  used(now: number): number {
    this.#settle(now);
    return Math.ceil((this.#debt + this.#heldDebt) / this.quota.windowMs);
  }

  resetMs(now: number): number {
    this.#settle(now);
    if (this.#held === undefined) return this.#debt / this.quota.count;
    return this.#payBackMs(this.#debt + this.#heldDebt, now);
  }

  #settle(now: number): void {
    if (this.#held !== undefined) this.#release(now);
    const elapsed = now - this.#at;
    if (elapsed <= 0) return;
    const debt = this.#debt - elapsed * this.quota.count;
    this.#debt = debt > 0 ? debt : 0;
    this.#at = now;
  }

  /** What is held until now becomes debt, each at its time. */
  #release(now: number): void {
    const held = this.#held!;
    const due = held.findIndex(({ stamp }) => stamp > now);
    const released = due === -1 ? held : held.splice(0, due);
    this.#held = due === -1 ? undefined : held;
    for (const { stamp, debt } of released) {
      this.#settleUntil(stamp);
      this.#debt += debt;
      this.#heldDebt -= debt;
    }
    if (this.#held === undefined) this.#heldDebt = 0;
  }

  #settleUntil(stamp: number): void {
    const elapsed = stamp - this.#at;
    if (elapsed <= 0) return;
    this.#debt = Math.max(0, this.#debt - elapsed * this.quota.count);
    this.#at = stamp;
  }

  #hold(stamp: number, debt: number): void {
    this.#heldDebt += debt;
    const held = (this.#held ??= []);
    let at = held.length;
    while (at > 0 && held[at - 1]!.stamp > stamp) at--;
    if (at > 0 && held[at - 1]!.stamp === stamp) held[at - 1]!.debt += debt;
    else held.splice(at, 0, { stamp, debt });
  }

  /** Until so much of it is paid back, while what is held becomes debt. */
  #payBackMs(wanted: number, now: number): number {
    const { count } = this.quota;
    let [at, debt, rest] = [now, this.#debt, wanted];
    for (const held of this.#held ?? []) {
      const paid = Math.min(debt, (held.stamp - at) * count);
      if (rest <= paid) break;
      rest -= paid;
      debt += held.debt - paid;
      at = held.stamp;
    }
    return at - now + rest / count;
  }
}

interface Held {
  readonly stamp: number;
  debt: number;
}
