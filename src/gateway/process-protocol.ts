import type { PurgeOrder, PurgeOutcome } from "./cache-port.ts";
import type { FailureReport } from "./control/failure.ts";
import type { GatewayFigures } from "./figures.ts";
import type { GatewayAddress } from "./gateway.ts";
import type { LaunchOrder } from "./launch.ts";
import type { LoadReport } from "./overload/told-concurrency.ts";
import type { PeerPaths } from "./peers/peers.ts";
import type { Snapshot } from "./snapshot.ts";

/**
 * What a platform and a gateway process say to each other: lines of JSON over a unix socket that the gateway serves. The gateway
 * may be older than the platform, or a child of another process: all that they share is this.
 */
export type ToGateway =
  /** The first line of a platform: as long as one is connected, the gateway is no orphan. Answered by `hello`. */
  | { readonly type: "attend" }
  /** The first starts it, each further one is applied. */
  | { readonly type: "snapshot"; readonly snapshot: Snapshot }
  /** Starts the process that is to take its place, and hands its listening sockets on to it. Goes on serving. */
  | { readonly type: "succeed"; readonly id: number; readonly order: LaunchOrder }
  /** The listeners of the last snapshot are all there will be: inherited sockets that none of them uses are closed. */
  | { readonly type: "settle" }
  /** Finish what is in flight, then exit. */
  | { readonly type: "drain"; readonly graceMs: number }
  | { readonly type: "figures"; readonly id: number }
  /** So many requests at once it may have at the service: what all gateways of the machine have told was looked at together. */
  | { readonly type: "concurrency"; readonly service: string; readonly limit: number }
  /** Answered when nothing that the order means is served from the cache any more. */
  | { readonly type: "purge"; readonly id: number; readonly order: PurgeOrder };

export type FromGateway =
  | HelloMessage
  | { readonly type: "applied"; readonly version: number; readonly addresses: readonly GatewayAddress[] }
  /** A snapshot could not be put into effect. When it was the first, the process exits. */
  | { readonly type: "failed"; readonly version: number; readonly error: FailureReport }
  /** No request holds this upstream, which drains or has left, any more; upgraded connections do not count. */
  | { readonly type: "drained"; readonly upstream: string; readonly version: number }
  | { readonly type: "figures"; readonly id: number; readonly figures: GatewayFigures }
  /** What it has measured at a service, for whoever decides how much all gateways may have there at once. */
  | { readonly type: "load"; readonly report: LoadReport }
  /** The successor has begun to run. */
  | { readonly type: "succeeded"; readonly id: number; readonly pid: number }
  | { readonly type: "purged"; readonly id: number; readonly outcome: PurgeOutcome }
  | { readonly type: "refused"; readonly id: number; readonly error: FailureReport };

export interface HelloMessage {
  readonly type: "hello";
  /** Where it listens. */
  readonly addresses: readonly GatewayAddress[];
}

/** Command line of the process: `node main.ts '{"…"}'`; of a successor, after that its inherited sockets (launch.ts). */
export interface GatewayProcessArguments {
  /** The unix socket by which a platform reaches it. */
  readonly controlPath: string;
  /** Not given: no access log, whatever the snapshot says. */
  readonly accessLogPath?: string;
  readonly reusePort?: boolean;
  /** The gateway processes of this machine that share what they cache; not given: this is the only one. */
  readonly peers?: PeerPaths;
  /** How long it serves on without a platform before it drains and ends by itself. */
  readonly orphanGraceMs: number;
  /** On SIGTERM, requests in flight may finish for this long. */
  readonly drainMs: number;
}
