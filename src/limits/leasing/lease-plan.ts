import type { Quota } from "../../config/index.ts";

/**
 * How tokens are leased, decided from what is known of one key.
 *
 * **How long a lease holds.** What is leased counts until a window after its hold: so much is let through too late, each time the window comes round. A
 * hundredth of the window is the usual; a third of that where next to nothing is left, as then somebody is refused for it, if that is long enough
 * for a few tokens. Only where what is left would last for windows leases are longer, so that a key that has few requests does not cost a call for each.
 * (That much is left is not enough: when many come at once, what was leased for long comes back as late, and all that follows, too.) Of a gcra
 * quota nothing is lost by holding while somebody owes, but no more than a quarter of the burst is held, so that the rest keeps being paid back.
 *
 * **How much.** What is needed, and what will be until the hold ends, as far as the recent rate tells. A key that is seldom asked for gets what it needs
 * and no more: what lies here nobody else can have.
 *
 * **After a refusal** it is known here when there will be tokens again, but not what others give back before. That happens soon, or not at all: so
 * it is asked again after a hold, and then after twice as long each time. Where tokens come back one by one, the next question waits
 * for some of them.
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
const fewest = 3;

/** @returns 0: such short holds that each decision is better asked for */
export function holdMs(facts: KeyFacts): number {
  const { quota, rate, callMs } = facts;
  const usual = usualHoldMs(quota);
  // What is spent at once needs to hold no longer than the call.
  if (isSeldom(facts) && 4 * callMs <= usual) return Math.min(Math.max(50, 4 * callMs), usual, bearableMs(quota));
  const longest = lastsForWindows(facts) ? usual + quota.windowMs / 25 : 0;
  const least = facts.share < 0.1 ? Math.max(shortHoldMs(quota), Math.min(fewest / rate, usual)) : usual;
  const hold = Math.min(Math.max(least, Math.min(longest, worthwhile / rate), 4 * callMs), bearableMs(quota));
  return hold < Math.max(1, 2 * callMs) ? 0 : hold;
}

/** Even if others have as much of it, or somewhat more. */
function lastsForWindows({ quota, rate, share }: KeyFacts): boolean {
  return share * quota.burst > 4 * rate * quota.windowMs;
}

function isSeldom({ quota, rate }: KeyFacts): boolean {
  return rate * Math.min(usualHoldMs(quota), bearableMs(quota)) < fewest;
}

function usualHoldMs({ algorithm, windowMs }: Quota): number {
  return Math.min(Math.max(windowMs / (algorithm === "gcra" ? 50 : 100), 5), 5_000);
}

/** Where nearly nothing is left. */
function shortHoldMs(quota: Quota): number {
  return quota.algorithm === "gcra" ? usualHoldMs(quota) : Math.min(Math.max(quota.windowMs / 300, 2), 5_000);
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
  const spare = isSeldom(facts) ? 0 : Math.ceil(foreseen) - left;
  return Math.min(Math.max(need + spare, need), Math.max(need, facts.quota.burst));
}

/** @param left tokens that can still be spent when the call has come back */
export function isTimeToRenew(facts: KeyFacts, hold: number, left: number): boolean {
  return !isSeldom(facts) && left < facts.rate * leadMs(facts, hold) + 1;
}

/** Of an order, in whole or in part. */
export interface Refusal {
  readonly retryAfterMs: number;
  /** Orders of which nothing was granted, one after the other, before this one. */
  readonly inVain: number;
}

/** So long nobody asks again. */
export function refusalMs(facts: KeyFacts, { retryAfterMs, inVain }: Refusal): number {
  const { quota, rate } = facts;
  const hold = Math.min(usualHoldMs(quota), bearableMs(quota));
  if (isSeldom(facts)) return Math.min(retryAfterMs, hold);
  const worth = worthwhile / rate;
  // What a bucket regains meanwhile is not lost until it is full.
  const soonest = quota.algorithm === "gcra" ? Math.min(worth, 0.75 * hold) : shortHoldMs(quota);
  const latest = Math.min(hold * 2 ** inVain, Math.max(hold, 4 * worth));
  return Math.min(Math.max(retryAfterMs, soonest), latest);
}
