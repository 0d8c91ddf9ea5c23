export type { CacheableRequest, CacheOutcome, HttpCache, PurgeOrder, PurgeOutcome } from "./cache-port.ts";
export type { HandOverReason } from "./fast/client-connection.ts";
export type { GatewayFigures, ServiceFigures, UpstreamFigures } from "./figures.ts";
export { Gateway, type GatewayAddress, type GatewayOptions } from "./gateway.ts";
export { heapArguments } from "./heap.ts";
export { durationBoundsMs, type HistogramFigures } from "./histogram.ts";
export type { PeerPaths } from "./peers/peers.ts";
export type { LimitCounts, LimitedPlace, LimitedRequest, LimitFigures, RequestLimits, Ruling } from "./limits-port.ts";
export type { ConcurrencyPolicy, CreateConcurrencyPolicy, LoadWindow } from "./overload/concurrency-policy.ts";
export { OrphanedGateway, type Predecessor } from "./predecessor.ts";
export { GatewayProcess, type GatewayProcessOptions } from "./process.ts";
export { removeSockets, socketBeside } from "./process-sockets.ts";
export { type GatewayParts, type Origins, serve } from "./serve.ts";
export { canSharePorts } from "./shared-ports.ts";
export type {
  LimitSettings,
  LimitStoreAddress,
  ListenerSnapshot,
  ServiceSnapshot,
  Snapshot,
  UpstreamSnapshot,
} from "./snapshot.ts";
