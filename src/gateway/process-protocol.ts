import type { GatewayFigures } from "./figures.ts";
import type { GatewayAddress } from "./gateway.ts";
import type { Snapshot } from "./snapshot.ts";

/** What the platform and a gateway process say to each other, over Node's IPC channel. */
export type ToGateway =
  /** The first starts it, each further one is applied. */
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  /** Finish what is in flight, then exit. */
  | { readonly type: "drain"; readonly graceMs: number }
  | { readonly type: "figures"; readonly id: number };

export type FromGateway =
  /** After the first snapshot. */
  | { readonly type: "listening"; readonly addresses: readonly GatewayAddress[] }
  | { readonly type: "applied"; readonly version: number; readonly addresses: readonly GatewayAddress[] }
  /** A snapshot could not be put into effect. When it was the first, the process exits. */
  | { readonly type: "failed"; readonly version: number; readonly error: FailureReport }
  /** No request holds this upstream, which drains or has left, any more; upgraded connections do not count. */
  | { readonly type: "drained"; readonly upstream: string; readonly version: number }
  | { readonly type: "figures"; readonly id: number; readonly figures: GatewayFigures };

export interface FailureReport {
  readonly code: string;
  readonly message: string;
  readonly fix?: string;
  readonly facts?: Readonly<Record<string, unknown>>;
}

/** Command line of the process: `node main.ts '{"…"}'`. */
export interface GatewayProcessArguments {
  /** Not given: no access log, whatever the snapshot says. */
  readonly accessLogPath?: string;
  readonly reusePort?: boolean;
  /** How long it serves on without a platform before it drains and ends by itself. */
  readonly orphanGraceMs: number;
  /** On SIGTERM, requests in flight may finish for this long. */
  readonly drainMs: number;
}
