import type { Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { CacheableRequest, HttpCache } from "./cache-port.ts";
import type { Fetches } from "./caching/fetches.ts";
import type { Attempt } from "./attempt.ts";
import type { InboundRequest } from "./inbound-request.ts";
import type { Ruling } from "./limits-port.ts";
import type { Snapshot } from "./snapshot.ts";
import type { CachedDestination, Destination } from "./destination.ts";
import type { Upstream } from "./upstream.ts";

/** What an exchange needs of the gateway. */
export interface ExchangeHost<Exchange> {
  readonly isDraining: boolean;
  readonly maxBodyBytes: number;
  readonly snapshot: Snapshot;
  readonly cache: HttpCache | undefined;
  readonly fetches: Fetches;
  /** Whether the cache is asked first. */
  mayRead(destination: Destination, request: InboundRequest): destination is CachedDestination;
  invalidate(change: CacheableRequest, status: number, fields: readonly string[]): Promise<void> | undefined;
  /** Where it goes: the service that takes this request, its split applied. */
  route(request: InboundRequest): Destination | undefined;
  /** Whether limits let it pass; `undefined`: none concerns it. */
  limit(destination: Destination, request: InboundRequest): Ruling | Promise<Ruling> | undefined;
  readonly onReleased: (upstream: Upstream) => void;
  /** Nothing that comes on this connection from now on will be answered. */
  onLastAnswer(socket: Socket): void;
  onUpgraded(exchange: Exchange, attempt: Attempt, fields: readonly (Buffer | string)[], upstream: Duplex): void;
  onFinished(exchange: Exchange): void;
}
