export { MemoryStore, type MemoryStoreOptions } from "./stores/memory.ts";
export type { Draw, Lease, LeaseOrder, LimitStore, QuotaState, Verdict } from "./store.ts";
export type { CountedLimit, Decision, DeciderFigures, DrawDecider, LimitDraw } from "./decider.ts";
