import { type Clock, systemClock } from "../../kernel/index.ts";
import { stateOf } from "../counting/cell.ts";
import { type Entry, KeyTable } from "../counting/key-table.ts";
import { type LimitKey, parseKey } from "../counting/limit-key.ts";
import type { Draw, Lease, LeaseOrder, LimitStore, Verdict } from "../store.ts";

export interface MemoryStoreOptions {
  /** Keys of a limit, at most. Default: 100000 of each. */
  readonly maxKeysOf?: (limit: string) => number;
}

export type KeyDraw = LimitKey & Omit<Draw, "key">;

/** Counts in this process. It answers at once. */
export class MemoryStore implements LimitStore {
  readonly kind = "memory";
  readonly #table: KeyTable;
  readonly #clock: Clock;
  /** Of the decision being made; kept, so that none is made for each. */
  readonly #entries: Entry[] = [];
  readonly #waits: number[] = [];

  constructor(options: MemoryStoreOptions = {}, clock: Clock = systemClock, random: () => number = Math.random) {
    this.#table = new KeyTable({ maxKeysOf: options.maxKeysOf ?? (() => 100_000), random });
    this.#clock = clock;
  }

  keysOf(limit: string): number {
    return this.#table.sizeOf(limit);
  }

  decide(draws: readonly Draw[]): Verdict {
    return this.charge(draws.map(({ key, quota, amount }) => ({ ...parseKey(key), quota, amount })));
  }

  /** As `decide`, of keys that are not put together. */
  charge(draws: readonly KeyDraw[]): Verdict {
    const now = this.#now();
    if (draws.length === 1) return this.#chargeOne(draws[0]!, now);
    let isAdmitted = true;
    for (let i = 0; i < draws.length; i++) {
      const draw = draws[i]!;
      const entry = this.#table.find(draw, draw.quota, now);
      this.#entries[i] = entry;
      const wait = (this.#waits[i] = entry.cell.waitMs(draw.amount, now));
      if (wait > 0) isAdmitted = false;
    }
    const states = draws.map(({ amount }, i) => {
      const entry = this.#entries[i]!;
      const wait = this.#waits[i]!;
      if (isAdmitted) entry.cell.take(amount, now);
      else if (wait > 0 && wait < Infinity) entry.refusedUntil = now + wait;
      return stateOf(entry.cell, wait, now);
    });
    return { isAdmitted, states };
  }

  lease(orders: readonly LeaseOrder[]): Lease[] {
    const now = this.#now();
    return orders.map(({ key, quota, amount, holdMs, returned }) => {
      const entry = this.#table.find(parseKey(key), quota, now);
      const { cell } = entry;
      if (returned !== undefined) cell.giveBack(returned.amount, returned.stamp, now);
      const { granted, stamp } = cell.lease(amount, holdMs, now);
      const wait = granted < amount ? cell.waitMs(1, now) : 0;
      if (wait > 0) entry.refusedUntil = now + wait;
      return { granted, stamp, state: stateOf(cell, wait, now) };
    });
  }

  stop(): Promise<void> {
    return Promise.resolve();
  }

  /** In 1024ths of a millisecond: sums and differences of such times are exact, so that a second is a second. */
  #now(): number {
    return Math.floor(this.#clock.monotonic() * 1_024) / 1_024;
  }

  #chargeOne(draw: KeyDraw, now: number): Verdict {
    const { quota, amount } = draw;
    const entry = this.#table.find(draw, quota, now);
    const { cell } = entry;
    const wait = cell.waitMs(amount, now);
    if (wait === 0) cell.take(amount, now);
    else if (wait < Infinity) entry.refusedUntil = now + wait;
    return { isAdmitted: wait === 0, states: [stateOf(cell, wait, now)] };
  }
}
