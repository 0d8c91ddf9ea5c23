export type { CountedLimit, Decision, DeciderFigures, DrawDecider, LimitDraw } from "./decider.ts";
export type { LimitedPlace, LimitedRequest } from "./limited-request.ts";
export type { Ruling } from "./limiter.ts";
export {
  type LimitStoreAddress,
  type OpenDecider,
  openMemory,
  type RequestLimitFigures,
  RequestLimits,
  type RequestLimitSettings,
} from "./request-limits.ts";
export type { Draw, Lease, LeaseOrder, LimitStore, QuotaState, Verdict } from "./store.ts";
export { MemoryStore, type MemoryStoreOptions } from "./stores/memory.ts";
export { LimitStoreServer } from "./stores/platform/store-server.ts";
