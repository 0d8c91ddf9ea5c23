import type { ClientConfig } from "pg";
import type { Consistency } from "./consistency.ts";

export interface DatabaseOptions extends Omit<
  ClientConfig,
  "connectionString" | "pipeline" | "connectionTimeoutMillis"
> {
  /** Default: `DATABASE_URL`. */
  readonly url?: string;
  /** Default: `DATABASE_REPLICA_URLS`, separated by commas. */
  readonly replicaUrls?: readonly string[];
  /** How new what is read must be, where nothing else is said. Default `"session"`. */
  readonly read?: Consistency;
  /** Most connections to each server. Default: twice the number of cores. */
  readonly connections?: number;
  /** Nobody waits longer for a connection, or for a primary. */
  readonly waitMs?: number;
  /** More statements do not wait for the connections of one server. */
  readonly maxWaiting?: number;
  /** A statement that takes longer is cancelled. 0: none is. */
  readonly timeoutMs?: number;
  /** A read waits no longer for a replica to have what the session has written. */
  readonly replicaWaitMs?: number;
  /** Until a new connection has answered. */
  readonly connectMs?: number;
  /** A connection that nobody has used for so long is closed. */
  readonly idleMs?: number;
  /** One that is older is closed once it is given back. 0: none is. */
  readonly maxLifetimeMs?: number;
  /** A transaction in which nothing happens for so long is ended by the server. 0: none is. */
  readonly idleInTransactionMs?: number;
  /** What tokens are sealed with; the same in all processes that read each other's. Default: `TENFOLD_SECRET`, else derived from the password in the URL. */
  readonly secret?: string;
}

export const databaseDefaults = {
  read: "session",
  waitMs: 2_000,
  maxWaiting: 1_000,
  timeoutMs: 30_000,
  replicaWaitMs: 25,
  connectMs: 5_000,
  idleMs: 30_000,
  maxLifetimeMs: 0,
  idleInTransactionMs: 60_000,
} as const satisfies DatabaseOptions;

/** How the servers are watched. */
export const watching = {
  watchMs: 500,
  urgentMs: 1,
  answerMs: 1_000,
} as const;

/** When a line counts as one that stays (pool/wait-line.ts), as shares of the longest wait. */
export const standingLine = { targetShare: 0.25, intervalShare: 0.1 } as const;
