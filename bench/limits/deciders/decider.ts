/** Who is asked whether a key may have one more. Answers differ by library, and are not made alike while anything is timed. */
export interface Decider<Answer = unknown> {
  /** A promise that rejects with anything but an error is a refusal. */
  ask(key: string): Answer | Promise<Answer>;
  isAdmitted(answer: Answer): boolean;
  /** Decided without the store, since it was away or late: nothing that may happen in a measurement. */
  decidedAway?(): number;
  stop(): Promise<void>;
}

/** A limit per key. */
export interface Allowance {
  readonly count: number;
  readonly windowSeconds: number;
}

export type DeciderOptions =
  /** In memory, as `tenfold/limits`. */
  | { readonly kind: "tenfold"; readonly algorithm: Algorithm }
  /** In memory, asked as `tenfold/limits` asks it: no caller to look at, and no fields for an answer. */
  | { readonly kind: "tenfold-store"; readonly algorithm: Algorithm }
  /** As a gateway counts requests in Redis. */
  | { readonly kind: "tenfold-redis"; readonly algorithm: Algorithm; readonly mode: "leased" | "exact" }
  | { readonly kind: "flexible" }
  /** `blocksInMemory`: who is refused is remembered, so that Redis is not asked (`inMemoryBlockOnConsumed`). */
  | { readonly kind: "flexible-redis"; readonly blocksInMemory: boolean };

type Algorithm = "sliding-window" | "gcra";

/** What they are opened with beyond what they are. */
export interface Circumstances {
  readonly allowance: Allowance;
  readonly maxKeys: number;
  /** Of those that count there. */
  readonly redisUrl: string;
}
