import { type Clock, systemClock } from "../../kernel/index.ts";
import type { Draw, LeaseOrder, LimitStore, Verdict } from "../store.ts";
import { LeasedKey, type Spent } from "./leased-key.ts";

export interface LeaseTableOptions {
  /** Of keys that are known here. */
  readonly maxKeys?: number;
  /** Calls back when the present turn is over: what is needed until then is asked for together. */
  readonly defer?: (run: () => void) => void;
}

export const leaseTableDefaults = { maxKeys: 100_000, defer: (run: () => void): void => void setImmediate(run) };

/**
 * Decides by tokens that were leased from a store ahead of need: mostly at once, and without a call.
 *
 * Of each key there is at most one call under way, and the needs of all keys in one turn make one call. Who needs tokens that are not here waits for
 * the call that brings them, with all others who do, and then looks again; who has looked so often in vain, since others were faster, is decided by
 * the store itself, as is what cannot be leased. When several quotas are drawn from together, nothing is spent of any until all have enough.
 */
export class LeaseTable {
  readonly #store: LimitStore;
  readonly #options: Required<LeaseTableOptions>;
  readonly #clock: Clock;
  readonly #keys = new Map<string, LeasedKey>();
  /** To be part of the next call. */
  #wanting = new Set<LeasedKey>();
  #next: PromiseWithResolvers<void> | undefined;
  /** Have tokens that are to be given back if nobody spends them. */
  readonly #holding = new Set<LeasedKey>();
  readonly #stopping = new AbortController();
  #isWatching = false;
  #callMs = 1;

  constructor(store: LimitStore, options: LeaseTableOptions = {}, clock: Clock = systemClock) {
    this.#store = store;
    this.#options = { ...leaseTableDefaults, ...options };
    this.#clock = clock;
  }

  get size(): number {
    return this.#keys.size;
  }

  /**
   * @param spent where is written down what was spent, when something else may still refuse it
   * @throws what the store throws
   */
  decide(draws: readonly Draw[], spent?: Spent[]): Verdict | Promise<Verdict> {
    const now = this.#clock.monotonic();
    const keys: LeasedKey[] = [];
    for (const draw of draws) {
      const key = this.#find(draw, now);
      if (key === undefined) return this.#store.decide(draws);
      key.want(draw.amount, now);
      keys.push(key);
    }
    return this.#look({ draws, keys, spent }, now) ?? this.#decideLater({ draws, keys, spent });
  }

  putBack(spent: readonly Spent[]): void {
    for (const each of spent) {
      each.key.putBack(each);
      this.#holding.add(each.key);
    }
    this.#watch();
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** @returns `undefined`: something must be asked for */
  #look({ draws, keys, spent }: Wish, now: number): Verdict | undefined {
    let isAdmitted = true;
    let isKnown = true;
    for (let i = 0; i < draws.length; i++) {
      const has = keys[i]!.has(draws[i]!.amount, now);
      if (has === undefined) isKnown = false;
      if (has === false) isAdmitted = false;
    }
    if (isAdmitted && !isKnown) return undefined;
    const states = draws.map(({ amount }, i) => {
      const key = keys[i]!;
      if (!isAdmitted) return key.state(key.has(amount, now) === false ? amount : 0, now);
      key.spend(amount, spent);
      if (key.isTimeToRenew(now, this.#callMs)) void this.#want(key, 0);
      return key.state(0, now);
    });
    return { isAdmitted, states };
  }

  async #decideLater(wish: Wish): Promise<Verdict> {
    const { draws, keys } = wish;
    for (let look = 0; look < maxLooks; look++) {
      const now = this.#clock.monotonic();
      const calls: Promise<void>[] = [];
      for (const [i, key] of keys.entries()) {
        const { amount } = draws[i]!;
        if (key.has(amount, now) === undefined) calls.push(this.#want(key, amount));
      }
      await Promise.all(calls);
      const verdict = this.#look(wish, this.#clock.monotonic());
      if (verdict !== undefined) return verdict;
    }
    return this.#store.decide(draws);
  }

  /** Part of the call that ends this turn; or, if there is one under way for this key, of that. */
  #want(key: LeasedKey, need: number): Promise<void> {
    if (key.call !== undefined && !this.#wanting.has(key)) return key.call;
    key.need += need;
    if (this.#next === undefined) {
      this.#next = Promise.withResolvers<void>();
      // Who does not wait for it need not know.
      this.#next.promise.catch(() => undefined);
      this.#options.defer(() => void this.#call());
    }
    this.#wanting.add(key);
    key.call = this.#next.promise;
    return key.call;
  }

  async #call(): Promise<void> {
    const [keys, next] = [this.#wanting, this.#next!];
    this.#wanting = new Set();
    this.#next = undefined;
    const at = this.#clock.monotonic();
    const asked: { readonly key: LeasedKey; readonly order: LeaseOrder }[] = [];
    try {
      for (const key of keys) for (const order of key.order(at, this.#callMs)) asked.push({ key, order });
      for (let i = 0; i < asked.length; i += maxOrders) await this.#lease(asked.slice(i, i + maxOrders), at);
      next.resolve();
    } catch (error) {
      next.reject(error);
    } finally {
      for (const key of keys) {
        key.call = undefined;
        if (key.holdsTokens) this.#holding.add(key);
      }
      this.#watch();
    }
  }

  async #lease(asked: readonly { key: LeasedKey; order: LeaseOrder }[], at: number): Promise<void> {
    const answer = this.#store.lease(asked.map(({ order }) => order));
    const leases = answer instanceof Promise ? await answer : answer;
    const now = this.#clock.monotonic();
    this.#callMs += (now - at - this.#callMs) / 8;
    asked.forEach(({ key, order }, i) => key.take(order, leases[i]!, { at, now }));
  }

  #find({ key, quota }: Draw, now: number): LeasedKey | undefined {
    const present = this.#keys.get(key);
    if (present !== undefined) {
      present.adopt(quota);
      return present;
    }
    if (this.#keys.size >= this.#options.maxKeys && !this.#makeRoom()) return undefined;
    const created = new LeasedKey(key, quota, now);
    this.#keys.set(key, created);
    return created;
  }

  /** The oldest go first: whoever is asked for again costs one call. */
  #makeRoom(): boolean {
    let looked = 0;
    for (const key of this.#keys.values()) {
      if (key.call === undefined && !key.holdsTokens) return this.#keys.delete(key.key);
      if (++looked === 16) break;
      this.#keys.delete(key.key);
      this.#keys.set(key.key, key);
    }
    return false;
  }

  /** Gives back what nobody has spent, in calls of its own if there are no others. */
  #watch(): void {
    if (this.#isWatching || this.#holding.size === 0 || this.#stopping.signal.aborted) return;
    this.#isWatching = true;
    void this.#giveBack().finally(() => (this.#isWatching = false));
  }

  async #giveBack(): Promise<void> {
    const { signal } = this.#stopping;
    while (this.#holding.size > 0 && !signal.aborted) {
      const now = this.#clock.monotonic();
      let soonest = now + 100;
      for (const key of this.#holding) {
        if (!key.holdsTokens) this.#holding.delete(key);
        else if (key.giveBackAt > now) soonest = Math.min(soonest, key.giveBackAt);
        else {
          key.expire(now);
          void this.#want(key, 0);
          soonest = now;
        }
      }
      await this.#clock.sleep(Math.max(1, soonest - now), signal).catch(() => undefined);
    }
  }
}

interface Wish {
  readonly draws: readonly Draw[];
  readonly keys: readonly LeasedKey[];
  readonly spent: Spent[] | undefined;
}

/** Of one call: more would keep the store from others for long. */
const maxOrders = 500;
const maxLooks = 3;
