import type { LimitSettings } from "./snapshot.ts";

/** What is asked of whoever counts requests: the gateway knows who asks for what, and nothing of rates, keys and stores. */
export interface RequestLimits {
  /** @param gateways processes among which what is allowed is shared while the store is away */
  configure(settings: LimitSettings, gateways: number): void;
  /** @returns `undefined`: no limit concerns it. A promise only when somebody else must be asked; it is settled soon, and never rejects. */
  decide(request: LimitedRequest, at: LimitedPlace): Ruling | Promise<Ruling> | undefined;
  figures(): LimitFigures;
  stop(): Promise<void>;
}

/** A request as limits see it. */
export interface LimitedRequest {
  readonly method: string;
  /** Lower case, without the port. */
  readonly host: string;
  /** Normalised, without the query. */
  readonly path: string;
  readonly clientAddress: string;
  /** By its name in lower case. */
  header(name: string): string | undefined;
}

/** Where it goes. */
export interface LimitedPlace {
  readonly service: string;
  /** Which of the service's routes took it: the same text for the same route. */
  readonly route: string;
}

export interface Ruling {
  /** `away`: it cannot be counted, and is to be refused then. */
  readonly verdict: "admitted" | "exceeded" | "away";
  /** Names of the limits that are exceeded. */
  readonly exceeded: readonly string[];
  /** Seconds, whole, at least 1; of what is refused. */
  readonly retryAfterSeconds: number;
  /** `RateLimit` and `RateLimit-Policy` for the answer, put together when asked for: name, value, name, value. */
  fields(): readonly string[];
}

/** Counted since the process started. */
export interface LimitFigures {
  readonly store: "memory" | "platform" | "redis";
  /** The store cannot be reached. */
  readonly isAway: boolean;
  /** Calls to the store. */
  readonly calls: number;
  /** Of those, that failed or came too late. */
  readonly failures: number;
  readonly limits: Readonly<Record<string, LimitCounts>>;
}

export interface LimitCounts {
  readonly admitted: number;
  readonly refused: number;
  /** Decided without the store, as it was away. */
  readonly decidedAway: number;
  /** Callers that are told apart now. */
  readonly keys: number;
}
