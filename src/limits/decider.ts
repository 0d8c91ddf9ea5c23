import type { Quota } from "../config/index.ts";
import type { LimitKey } from "./counting/limit-key.ts";
import type { Draw, LimitStore, QuotaState } from "./store.ts";

/**
 * Decides draws as their limits want it: at the store or by what was leased from it, and, while the store is away, without it. It never rejects, and
 * never takes long.
 */
export interface DrawDecider {
  readonly kind: LimitStore["kind"];
  /** All or none. Not empty. */
  decide(draws: readonly LimitDraw[]): Decision | Promise<Decision>;
  /** @param gateways processes among which a limit is shared while the store is away */
  share(gateways: number): void;
  figures(): DeciderFigures;
  /** Callers of a limit that are told apart; `undefined`: only the store knows. */
  keysOf(limit: string): number | undefined;
  stop(): Promise<void>;
}

/** So much of a limit's quota, for one caller. No two draws of one decision have the same key. */
export interface LimitDraw extends LimitKey {
  readonly quota: Quota;
  /** Whole tokens, at least 1. */
  readonly amount: number;
  readonly limit: CountedLimit;
}

/** As a store is asked for it, and how its limit is counted. */
export interface StoreDraw extends Draw {
  readonly limit: CountedLimit;
}

/** One object for each limit, for as long as its settings hold. */
export interface CountedLimit {
  readonly name: string;
  readonly mode: "exact" | "leased";
  readonly whenAway: "local" | "open" | "closed";
}

export interface Decision {
  /** `away`: it cannot be counted, and is to be refused then. */
  readonly verdict: "admitted" | "exceeded" | "away";
  /** One for each draw, in their order; `undefined`: nothing is known of it, as the store is away. */
  readonly states: readonly (QuotaState | undefined)[];
  /** Without the store, as it was away. */
  readonly isDecidedAway: boolean;
}

export interface DeciderFigures {
  readonly isAway: boolean;
  /** Calls to the store. */
  readonly calls: number;
  /** Of those, that failed or came too late. */
  readonly failures: number;
}
