export type { CountedLimit, Decision, DeciderFigures, DrawDecider, LimitDraw } from "./decider.ts";
export type { LimitedPlace, LimitedRequest } from "./limited-request.ts";
export type { LimitCaller } from "./callers/given-caller.ts";
export type { Ruling } from "./limiter.ts";
export {
  createLimits,
  type DecideOptions,
  type LimitRuling,
  type Limits,
  type LimitsOptions,
  type LimitTerms,
} from "./limits.ts";
export { limitExpress } from "./middleware/express.ts";
export { limitFastify } from "./middleware/fastify.ts";
export { limitHono } from "./middleware/hono.ts";
export type { MiddlewareOptions } from "./middleware/middleware-options.ts";
export { type OpenDecider, openDecider } from "./open-decider.ts";
export { type RequestLimitFigures, RequestLimits, type RequestLimitSettings } from "./request-limits.ts";
export type { Draw, Lease, LeaseOrder, LimitStore, QuotaState, Verdict } from "./store.ts";
export { AdaptiveConcurrency } from "./overload/adaptive-concurrency.ts";
export { SharedConcurrency } from "./overload/shared-concurrency.ts";
export type { LoadWindow } from "./overload/load-window.ts";
export { MemoryStore, type MemoryStoreOptions } from "./stores/memory.ts";
export { type LimitStoreAddress, openStore } from "./stores/open-store.ts";
export { LimitStoreServer } from "./stores/platform/store-server.ts";
