export { HttpCache, type HttpCacheOptions } from "./http-cache.ts";
export { explainPass, type PassReason } from "./pass-reason.ts";
export type { CachingCandidate } from "./worth-caching.ts";
