export type { HandOverReason } from "./fast/client-connection.ts";
export type { GatewayFigures, ServiceFigures, UpstreamFigures } from "./figures.ts";
export { Gateway, type GatewayAddress, type GatewayOptions } from "./gateway.ts";
export { durationBoundsMs, type HistogramFigures } from "./histogram.ts";
export { OrphanedGateway, type Predecessor } from "./predecessor.ts";
export { GatewayProcess, type GatewayProcessOptions } from "./process.ts";
export { canSharePorts } from "./shared-ports.ts";
export type { ListenerSnapshot, ServiceSnapshot, Snapshot, UpstreamSnapshot } from "./snapshot.ts";
