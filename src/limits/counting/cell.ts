import type { Quota } from "../../config/index.ts";
import { GcraCell } from "./gcra.ts";
import { SlidingWindowCell } from "./sliding-window.ts";
import type { QuotaState } from "../store.ts";

/** What is known of one key. Time is passed in, in milliseconds, and does not go back. */
export interface Cell {
  readonly quota: Quota;
  /** Until so many can be had; 0: they can. */
  waitMs(amount: number, now: number): number;
  /** Only what `waitMs` has said to be there at this time. */
  take(amount: number, now: number): void;
  /** As many as there are, up to `amount`, to be spent until `holdMs` from now. */
  lease(amount: number, holdMs: number, now: number): { readonly granted: number; readonly stamp: number };
  /** Of a lease, what was not spent. What cannot be known any more is left as used. */
  giveBack(amount: number, stamp: number, now: number): void;
  /** Counted under another quota of the same algorithm from now on. */
  adopt(quota: Quota, now: number): void;
  /** Whole tokens that could not be had now. */
  used(now: number): number;
  resetMs(now: number): number;
}

export function createCell(quota: Quota): Cell {
  return quota.algorithm === "gcra" ? new GcraCell(quota) : new SlidingWindowCell(quota);
}

/** The same key under another quota: what is used stays used, as far as the new one can hold it. */
export function succeedCell(cell: Cell, quota: Quota, now: number): Cell {
  if (cell.quota.algorithm === quota.algorithm) {
    cell.adopt(quota, now);
    return cell;
  }
  const used = Math.min(cell.used(now), quota.burst);
  const successor = createCell(quota);
  if (used > 0) successor.take(used, now);
  return successor;
}

export function isSameQuota(a: Quota, b: Quota): boolean {
  return (
    a === b || (a.count === b.count && a.windowMs === b.windowMs && a.burst === b.burst && a.algorithm === b.algorithm)
  );
}

export function stateOf(cell: Cell, retryAfterMs: number, now: number): QuotaState {
  const remaining = cell.quota.burst - cell.used(now);
  return { remaining: remaining > 0 ? remaining : 0, resetMs: cell.resetMs(now), retryAfterMs };
}
