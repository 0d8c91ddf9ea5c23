import type { ProcessIdentity } from "../kernel/index.ts";

/**
 * Remembers processes on disk, so that they can be ended when the process that started them is gone: instances are in sessions of
 * their own and outlive a killed platform.
 */
export interface ProcessLedger {
  /** Called in the turn in which the process was started. */
  add(entry: LedgerEntry): void | Promise<void>;
  /** Called when nothing of its process group is left. */
  remove(pid: number): void | Promise<void>;
}

export interface LedgerEntry {
  readonly kind: "instance";
  /** `"api-1"`. */
  readonly name: string;
  readonly identity: ProcessIdentity;
  /** How to end it: this signal to the process group, then SIGKILL after the grace. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number; readonly group: true };
}

export const noLedger: ProcessLedger = { add: () => {}, remove: () => {} };
