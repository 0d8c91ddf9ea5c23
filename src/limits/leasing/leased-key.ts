import type { Quota } from "../../config/index.ts";
import { isSameQuota } from "../counting/cell.ts";
import type { Lease, LeaseOrder, QuotaState } from "../store.ts";
import { Demand } from "./demand.ts";
import { holdMs, isTimeToRenew, type KeyFacts, leadMs, orderAmount, refusalMs } from "./lease-plan.ts";

/** What is known here of one key: the tokens that were leased for it, and until when there are no more. */
export class LeasedKey {
  readonly key: string;
  quota: Quota;
  /** Settles when the call is over that is to bring tokens; there is one at a time. */
  call: Promise<void> | undefined;
  /** Tokens that are waited for, beyond those that are here. */
  need = 0;
  readonly #demand: Demand;
  /** Of leases that have not ended, those that end first first. */
  readonly #lots: Lot[] = [];
  #unspent: { readonly stamp: number; readonly amount: number; readonly until: number }[] = [];
  #refusedUntil = 0;
  #calmUntil = 0;
  /** Since the last call. */
  #isWanted = false;
  #inVain = 0;
  #heardAt: number;
  #heard: QuotaState;
  #holdMs = 0;
  #leadMs = 0;

  constructor(key: string, quota: Quota, now: number) {
    this.key = key;
    this.quota = quota;
    this.#demand = new Demand(now);
    this.#heardAt = now;
    this.#heard = { remaining: quota.burst, resetMs: 0, retryAfterMs: 0 };
  }

  /** Whether there is something to be given back, now or later. */
  get holdsTokens(): boolean {
    return this.#lots.length > 0 || this.#unspent.length > 0;
  }

  /**
   * What is unspent is given back then, if no other call has taken it along. Of a gcra quota it can only be given back before the lease's
   * stamp; else there is time for the next call.
   */
  get giveBackAt(): number {
    const endsAt = this.#unspent[0]?.until ?? this.#lots[0]?.until ?? Infinity;
    return this.quota.algorithm === "gcra" ? endsAt : endsAt + this.#holdMs;
  }

  want(amount: number, now: number): void {
    this.#demand.add(amount, now, demandSpanMs(this.quota));
    this.#isWanted = true;
  }

  /** @returns `undefined`: that must be asked for */
  has(amount: number, now: number): boolean | undefined {
    if (this.#left(now) >= amount) return true;
    return now < this.#refusedUntil || amount > this.quota.burst ? false : undefined;
  }

  /**
   * Only what it has; of leases that end first, first.
   *
   * @param spent where is written down what was spent of which, to be put back if need be
   */
  spend(amount: number, spent?: Spent[]): void {
    for (let rest = amount; rest > 0;) {
      const lot = this.#lots[0]!;
      const part = Math.min(rest, lot.left);
      lot.left -= part;
      rest -= part;
      spent?.push({ key: this, lot, amount: part });
      if (lot.left === 0) this.#lots.shift();
    }
  }

  putBack({ lot, amount }: Spent): void {
    lot.left += amount;
    if (this.#lots.includes(lot)) return;
    const later = this.#lots.findIndex(({ until }) => until > lot.until);
    this.#lots.splice(later === -1 ? this.#lots.length : later, 0, lot);
  }

  /** What is left of leases that have ended is from now on to be given back. */
  expire(now: number): void {
    this.#left(now);
  }

  isTimeToRenew(now: number, callMs: number): boolean {
    if (this.call !== undefined || now < this.#calmUntil) return false;
    return this.#isRunningOut(now, callMs);
  }

  /** What is to be asked: tokens, if they are needed or will soon be, and what is given back. Nothing: it cannot be leased. */
  order(now: number, callMs: number): LeaseOrder[] {
    const facts = this.#facts(now, callMs);
    this.#holdMs = holdMs(facts);
    this.#leadMs = leadMs(facts, this.#holdMs);
    const left = this.#left(now);
    this.#endSurplus(now, facts.rate);
    const isIdle = this.need === 0 && !(this.#isWanted && this.#isRunningOut(now, callMs));
    this.#isWanted = false;
    const amount = isIdle || this.#holdMs === 0 ? 0 : orderAmount(facts, this.#holdMs, { need: this.need, left });
    const orders = this.#unspent.map((returned) => this.#orderOf(0, returned));
    const returned = this.#unspent.at(-1);
    if (amount > 0) {
      orders.pop();
      orders.push(this.#orderOf(amount, returned));
    }
    this.#unspent = [];
    this.need = 0;
    return orders;
  }

  /** @param at when the call was made: the lease holds since then, at the latest */
  take(order: LeaseOrder, { granted, stamp, state }: Lease, { at, now }: { at: number; now: number }): void {
    this.#heardAt = now;
    // It became another while the call was under way: what was had under the old one is as what adopt() ends.
    if (!isSameQuota(order.quota, this.quota)) {
      if (granted > 0) this.#unspent.push({ stamp, amount: granted, until: at + order.holdMs });
      return;
    }
    this.#heard = state;
    const until = at + order.holdMs - (this.quota.algorithm === "gcra" ? this.#leadMs : 0);
    if (granted > 0) this.#lots.push({ stamp, left: granted, until });
    this.#calmUntil = now;
    if (granted < order.amount) {
      const refusal = { retryAfterMs: state.retryAfterMs, inVain: this.#inVain };
      this.#refusedUntil = now + refusalMs(this.#facts(now, 0), refusal);
    }
    if (order.amount > 0) this.#inVain = granted === 0 ? this.#inVain + 1 : 0;
  }

  /** Under another quota everything is asked anew. */
  adopt(quota: Quota): void {
    if (quota === this.quota) return;
    if (!isSameQuota(quota, this.quota)) {
      this.#end(this.#lots.length);
      this.#refusedUntil = 0;
      this.#inVain = 0;
      this.#heard = { remaining: quota.burst, resetMs: 0, retryAfterMs: 0 };
    }
    this.quota = quota;
  }

  /** @param missing tokens that were asked for in vain; 0: none were */
  state(missing: number, now: number): QuotaState {
    const { remaining, resetMs, retryAfterMs } = this.#heard;
    const elapsed = now - this.#heardAt;
    const wait = missing > this.quota.burst ? Infinity : Math.max(1, retryAfterMs - elapsed);
    return {
      remaining: Math.min(this.quota.burst, remaining + this.#left(now)),
      resetMs: Math.max(0, resetMs - elapsed),
      retryAfterMs: missing > 0 ? wait : 0,
    };
  }

  #isRunningOut(now: number, callMs: number): boolean {
    if (now < this.#refusedUntil || this.#holdMs === 0) return false;
    const soon = now + this.#leadMs;
    let left = 0;
    for (const lot of this.#lots) if (lot.until > soon) left += lot.left;
    const isOut = isTimeToRenew(this.#facts(now, callMs), this.#holdMs, left);
    // The rate changes slowly: it is not looked at for each request.
    if (!isOut) this.#calmUntil = now + this.#leadMs / 4;
    return isOut;
  }

  #left(now: number): number {
    let ended = 0;
    while (ended < this.#lots.length && this.#lots[ended]!.until <= now) ended++;
    if (ended > 0) this.#end(ended);
    let left = 0;
    for (const lot of this.#lots) left += lot.left;
    return left;
  }

  /** Of a lease that ends before the next call, what will not be spent. */
  #endSurplus(now: number, rate: number): void {
    const lot = this.#lots[0];
    if (lot === undefined || lot.until > now + 2 * this.#leadMs) return;
    // What is kept and not spent is lost to a bucket: rather too little, then, which costs a short wait.
    const kept = rate * (lot.until - now);
    const surplus = lot.left - (this.quota.algorithm === "gcra" ? Math.floor(kept / 2) : Math.ceil(kept));
    if (surplus <= 0) return;
    lot.left -= surplus;
    this.#unspent.push({ stamp: lot.stamp, amount: surplus, until: lot.until });
  }

  #end(count: number): void {
    for (const { stamp, left, until } of this.#lots.splice(0, count)) {
      if (left > 0) this.#unspent.push({ stamp, amount: left, until });
    }
  }

  #orderOf(amount: number, returned: LeaseOrder["returned"]): LeaseOrder {
    const order = { key: this.key, quota: this.quota, amount, holdMs: Math.max(1, this.#holdMs) };
    if (returned === undefined) return order;
    return { ...order, returned: { stamp: returned.stamp, amount: returned.amount } };
  }

  #facts(now: number, callMs: number): KeyFacts {
    const { quota } = this;
    const rate = this.#demand.rate(now, demandSpanMs(quota));
    return { quota, rate, share: this.#heard.remaining / quota.burst, callMs };
  }
}

export interface Spent {
  readonly key: LeasedKey;
  readonly lot: Lot;
  readonly amount: number;
}

interface Lot {
  readonly stamp: number;
  left: number;
  /** To be spent before; some time is left to give the rest back. */
  readonly until: number;
}

/** What is recent: two of the usual holds, but long enough to count something. */
function demandSpanMs({ windowMs }: Quota): number {
  return Math.min(Math.max(windowMs / 50, 50), 10_000);
}
