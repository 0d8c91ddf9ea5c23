import type { ProcessIdentity } from "../kernel/index.ts";

/**
 * Remembers processes on disk, so that they can be ended when the process that started them is gone. Postgres runs in a
 * session of its own: it outlives a killed platform, and nobody but the ledger knows it then.
 */
export interface ProcessLedger {
  add(entry: LedgerEntry): void | Promise<void>;
  remove(pid: number): void | Promise<void>;
}

export interface LedgerEntry {
  readonly kind: "engine";
  /** `"primary"`, `"replica-1"` … */
  readonly name: string;
  readonly identity: ProcessIdentity;
  /** How to end it: this signal, then SIGKILL after the grace. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
}

export const noLedger: ProcessLedger = { add: () => {}, remove: () => {} };
