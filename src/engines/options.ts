import type { ProcessLedger } from "./ledger.ts";

export interface PostgresOptions {
  /** Everything lives here: data, credentials, logs. Absolute; made when missing. */
  readonly directory: string;
  /** Name of the application's database. */
  readonly database: string;
  /** Streaming replicas, 0 or more. */
  readonly replicas: number;
  /** Connections that each server accepts. */
  readonly maxConnections: number;
  /** The primary's port; 0: any free port, kept for the next start. */
  readonly port: number;
}

/** What the outside plugs in. */
export interface PostgresDeps {
  /** Remembers the server processes for whoever must end them when this process is gone. */
  readonly ledger?: ProcessLedger;
  /** Told in a sentence what takes long. */
  readonly onProgress?: (message: string) => void;
  /** Told of each change of a node's state. */
  readonly onChange?: (change: NodeChange) => void;
}

/**
 * stopped → starting → ready → (died) restarting → ready …, or failed after a crash loop. A stop leaves every state.
 */
export type NodeState = "stopped" | "starting" | "ready" | "restarting" | "failed";

export interface NodeChange {
  /** `"primary"`, `"replica-1"` … */
  readonly name: string;
  readonly state: NodeState;
  /** Why, for `restarting` and `failed`. */
  readonly error?: Error;
}

export interface NodeStatus {
  readonly name: string;
  readonly role: "primary" | "replica";
  readonly state: NodeState;
  /** 0 until it has one. */
  readonly port: number;
  readonly pid?: number;
  /** WAL that the primary has written and this replica has not replayed yet. */
  readonly lagBytes?: number;
  /** How long the last WAL took to be replayed here; 0 when there was nothing to replay. */
  readonly lagMs?: number;
}

/** Bounds on every wait. Milliseconds. */
export const timing = {
  /** Crash recovery of a large database takes its time; a server that has not died is left to it this long. */
  startMs: 300_000,
  /** A start that takes longer than this is worth a word. */
  slowStartMs: 5_000,
  /** Fast shutdown, with a checkpoint; then immediate shutdown; then SIGKILL. */
  fastStopMs: 20_000,
  immediateStopMs: 5_000,
  killMs: 5_000,
  /** A replica that does not stream by then cannot: it is rebuilt. */
  streamingMs: 10_000,
  connectMs: 5_000,
  pollMs: 10,
  /** How often an adopted process, which sends no exit event, is looked at. */
  watchMs: 250,
} as const;

/** A node that dies this often within the window has failed. */
export const crashLoop = {
  deaths: 5,
  windowMs: 60_000,
  backoff: { baseMs: 100, maxMs: 10_000 },
} as const;
