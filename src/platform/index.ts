export { type CacheReport, cacheReport, type WorthCachingNext } from "./cache-report.ts";
export { type Directories, directoriesOf } from "./directories.ts";
export { isGoneWithin } from "./ending.ts";
export type { LedgerEntry } from "./ledger.ts";
export { endLeftovers, livingProcesses, runningPlatform } from "./leftovers.ts";
export { Platform, type PlatformHooks } from "./platform.ts";
export type { PurgeReport } from "./purge-everywhere.ts";
export { type PurgeRequest, toPurgeOrders } from "./purge-request.ts";
export type { DatabaseStatus, GatewayStatus, PlatformEvent, PlatformState, PlatformStatus } from "./status.ts";
