import type { Quota } from "../../config/index.ts";

/**
 * How tokens are leased, decided from what is known of one key.
 *
 * **How long a lease holds.** What is leased counts until a window after its hold: a hundredth of the window costs a hundredth of what is let
 * through, at most. While most of the quota is left that costs nobody anything, and leases may be longer when a key has too few requests for
 * them to be worth a call. Of a gcra quota not more than a quarter of the burst is held, so that the rest keeps being paid back.
 *
 * **How much.** What is needed, and what will be until the hold ends, as far as the recent rate tells. A key that is seldom asked for gets what it needs
 * and no more: what lies here nobody else can have.
 *
 * **After a refusal** it is known here when there will be tokens again, and nobody needs to ask before. Where they come back one by one, the
 * next question waits until there have been enough requests to be worth it.
 */
export interface KeyFacts {
  readonly quota: Quota;
  /** Tokens wanted per millisecond, lately, whether they were had or not. */
  readonly rate: number;
  /** What is left in the store, of the burst, when last heard: 0 to 1. */
  readonly share: number;
  /** A call to the store. */
  readonly callMs: number;
}

/** Of a call: so many requests make it cheap. */
const worthwhile = 32;
/** Below, there is nothing to be foreseen. */
const fewest = 4;

/** @returns 0: such short holds that each decision is better asked for */
export function holdMs({ quota, rate, share, callMs }: KeyFacts): number {
  const { windowMs } = quota;
  const usual = usualHoldMs(quota);
  // What is spent at once needs to hold no longer than the call.
  if (rate * usual < fewest && 4 * callMs <= usual) return Math.min(Math.max(50, 4 * callMs), usual, bearableMs(quota));
  const longest = share < 0.1 ? usual : usual + Math.min(windowMs / 100 / (1 - share), windowMs / 25);
  const wanted = Math.max(usual, Math.min(longest, worthwhile / rate), 4 * callMs);
  const hold = Math.min(wanted, bearableMs(quota));
  return hold < Math.max(1, 2 * callMs) ? 0 : hold;
}

function usualHoldMs({ algorithm, windowMs }: Quota): number {
  return Math.min(Math.max(windowMs / (algorithm === "gcra" ? 50 : 100), 5), 5_000);
}

/** A bucket must not be held as a whole: what is held is not paid back yet. */
function bearableMs({ algorithm, count, windowMs, burst }: Quota): number {
  return algorithm === "gcra" ? (burst / 4) * (windowMs / count) : windowMs / 10;
}

/** Before a lease ends, or is spent, by so much the next is asked for. */
export function leadMs({ callMs }: KeyFacts, hold: number): number {
  return Math.min(1.25 * callMs + 0.5, hold / 4);
}

/** @param left tokens that are here. @returns tokens to be ordered, at least `need` */
export function orderAmount(facts: KeyFacts, hold: number, { need, left }: { need: number; left: number }): number {
  const foreseen = facts.rate * hold;
  const spare = foreseen < fewest ? 0 : Math.ceil(foreseen) - left;
  return Math.min(Math.max(need + spare, need), Math.max(need, facts.quota.burst));
}

/** @param left tokens that can still be spent when the call has come back */
export function isTimeToRenew(facts: KeyFacts, hold: number, left: number): boolean {
  return facts.rate * hold >= fewest && left < facts.rate * leadMs(facts, hold) + 1;
}

/** Each request is worth a part of a call, and some calls may be saved up for the moment at which there are tokens again. */
export function earnCredit(credit: number, amount: number): number {
  return Math.min(credit + amount / worthwhile, 4);
}

/** Of an order, in whole or in part. */
export interface Refusal {
  readonly retryAfterMs: number;
  /** Calls that may be made at once. */
  readonly credit: number;
}

/** So long nobody asks again. */
export function refusalMs({ quota, rate }: KeyFacts, { retryAfterMs, credit }: Refusal): number {
  const hold = Math.min(usualHoldMs(quota), bearableMs(quota));
  if (rate * hold < fewest) return Math.min(retryAfterMs, hold);
  const worth = worthwhile / rate;
  // What a bucket regains meanwhile is not lost until it is full.
  const patience = quota.algorithm === "gcra" ? bearableMs(quota) : hold;
  const soonest = Math.min(Math.max(0, 1 - credit) * worth, patience);
  // Others may give something back before.
  const latest = Math.max(hold, 4 * worth);
  return Math.min(Math.max(retryAfterMs, soonest), latest);
}
