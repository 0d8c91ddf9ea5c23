/**
 * What to do with a data directory in which a server may still run, left by a platform that was killed. A server that
 * runs as it should is taken over, so that nothing notices the platform's absence; one with other settings is replaced.
 */
import type { ProcessIdentity } from "../kernel/index.ts";

export type Found =
  /** No server; perhaps the postmaster.pid of a dead one. */
  | { readonly kind: "none" }
  /** Started by Tenfold. `settings`: its fingerprint, when it is known. */
  | { readonly kind: "own"; readonly identity: ProcessIdentity; readonly settings?: string; readonly isReady: boolean }
  /** Started by someone else on the same directory. */
  | { readonly kind: "other"; readonly pid: number };

export type Decision =
  | { readonly action: "start" }
  | { readonly action: "adopt"; readonly identity: ProcessIdentity }
  | { readonly action: "replace"; readonly identity: ProcessIdentity }
  | { readonly action: "refuse"; readonly pid: number };

export function decideAdoption(found: Found, settings: string): Decision {
  if (found.kind === "none") return { action: "start" };
  if (found.kind === "other") return { action: "refuse", pid: found.pid };
  const mayGoOn = found.isReady && found.settings === settings;
  return { action: mayGoOn ? "adopt" : "replace", identity: found.identity };
}
