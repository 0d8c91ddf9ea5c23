import type {
  ResolvedBalance,
  ResolvedCache,
  ResolvedCircuit,
  ResolvedGateway,
  ResolvedLimits,
  ResolvedOverload,
  ResolvedRetries,
  ResolvedRoute,
  ResolvedStatic,
  ResolvedTimeouts,
} from "../config/index.ts";
import { originInvalid } from "./errors.ts";

/**
 * Everything a gateway knows: one immutable, versioned object, swapped whole. The platform composes it; gateways serve
 * from the last one they were given and never ask. Plain data: it crosses process boundaries as JSON.
 */
export interface Snapshot {
  /** Grows by one with each change. */
  readonly version: number;
  readonly settings: ResolvedGateway;
  readonly listeners: readonly ListenerSnapshot[];
  /** Not given: nothing is limited. */
  readonly limits?: LimitSettings;
  readonly services: Readonly<Record<string, ServiceSnapshot>>;
}

/** The limits of the config, with what was changed at runtime among the adjustments, and where they are counted. */
export interface LimitSettings extends ResolvedLimits {
  readonly store: LimitStoreAddress;
}

export type LimitStoreAddress =
  /** Of this process alone. */
  | { readonly kind: "memory" }
  /** The platform's, at this unix socket. */
  | { readonly kind: "platform"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string; readonly prefix: string };

export interface ListenerSnapshot {
  readonly host: string;
  readonly port: number;
  /** Everything that arrives here goes to this service: the internal way of `<SERVICE>_URL`. Not given: the public port, by routes. */
  readonly service?: string;
}

export interface ServiceSnapshot {
  readonly routes: readonly ResolvedRoute[];
  readonly balance: ResolvedBalance;
  /** Name of the sticky cookie. */
  readonly sticky?: string;
  /** Service name → share of the requests, 0 to 1; the rest stays. */
  readonly split: Readonly<Record<string, number>>;
  readonly retries: ResolvedRetries | false;
  readonly timeouts: ResolvedTimeouts;
  readonly circuit: ResolvedCircuit;
  readonly cache: ResolvedCache | false;
  /** `false`, or not given: all it is asked is passed on. */
  readonly overload?: ResolvedOverload | false;
  /** Of its health checks: who asks for it is never turned away for want of room. */
  readonly healthPath?: string;
  readonly upstreams: readonly UpstreamSnapshot[];
  /** Files that each gateway process serves itself: whoever puts it together adds the upstream that has them. */
  readonly static?: ResolvedStatic;
}

export interface UpstreamSnapshot {
  /** Unique over all services: `"api-1"`. */
  readonly id: string;
  /** `"http://127.0.0.1:4001"`. */
  readonly origin: string;
  /** Reached by this unix socket rather than by TCP. */
  readonly socketPath?: string;
  readonly weight: number;
  /** `draining`: gets no new request, finishes what it has. */
  readonly state: "ready" | "draining";
  /** The verdict of the active health checks. */
  readonly healthy: boolean;
  /** Epoch milliseconds at which it became ready: slow start counts from here. */
  readonly readyAt: number;
}

/** Before anything changes: a snapshot takes effect whole, or not at all. */
export function assertOrigins(snapshot: Snapshot): void {
  for (const { upstreams } of Object.values(snapshot.services)) {
    for (const { id, origin } of upstreams) {
      if (URL.parse(origin)?.protocol !== "http:") throw originInvalid(id, origin);
    }
  }
}
