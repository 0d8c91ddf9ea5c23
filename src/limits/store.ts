import type { Quota } from "../config/index.ts";

/**
 * Where it is counted how much of each quota is used. Keys and quotas are the caller's; a store keeps what it must to answer, for as long as it matters, and
 * tells time by one clock of its own, so that all its callers agree. Every driver passes contract.ts.
 */
export interface LimitStore {
  readonly kind: "memory" | "platform" | "redis";
  /** All or none: when one quota has not enough left, nothing is taken of any. No draws: whether it answers. @throws when it cannot be reached: soon, never after long */
  decide(draws: readonly Draw[]): Verdict | Promise<Verdict>;
  /** Tokens ahead of need, each order on its own. @throws as `decide` */
  lease(orders: readonly LeaseOrder[]): Lease[] | Promise<Lease[]>;
  /** Keys of a limit that it holds; not there: only it knows. */
  keysOf?(limit: string): number;
  stop(): Promise<void>;
}

/** So much of one quota. */
export interface Draw {
  /** What the quota is counted by: limit and caller (limit-key.ts says how). No two draws of one decision have the same. */
  readonly key: string;
  readonly quota: Quota;
  /** Whole tokens, at least 1. More than the quota's burst can never be had. */
  readonly amount: number;
}

/** What is left of a quota, after a decision or a lease. */
export interface QuotaState {
  /** Whole tokens that could be had at once. */
  readonly remaining: number;
  /** Until all of it could be had again, if nothing is taken meanwhile. */
  readonly resetMs: number;
  /** Until what was asked could be had; 0: it was. Infinity: never, as it is more than the quota's burst. */
  readonly retryAfterMs: number;
}

export interface Verdict {
  readonly isAdmitted: boolean;
  /** One for each draw, in their order. */
  readonly states: readonly QuotaState[];
}

/**
 * Tokens that may be spent until `holdMs` from now, and count as used until a window after that: whenever they are spent, no stretch of time sees
 * more than the quota. Of a gcra quota they begin to be regained after `holdMs` (gcra.ts says why that suffices).
 */
export interface LeaseOrder {
  readonly key: string;
  readonly quota: Quota;
  /** Tokens: as many as there are, but no more than so many. 0: only gives back. */
  readonly amount: number;
  readonly holdMs: number;
  /** Of an earlier lease, what was not spent. */
  readonly returned?: { readonly stamp: number; readonly amount: number };
}

export interface Lease {
  /** Whole tokens; fewer than ordered: none are left, `state.retryAfterMs` says when there is one. */
  readonly granted: number;
  /** To be named when tokens are given back. */
  readonly stamp: number;
  readonly state: QuotaState;
}
