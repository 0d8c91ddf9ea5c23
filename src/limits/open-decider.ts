import type { DrawDecider } from "./decider.ts";
import { MemoryDecider } from "./memory-decider.ts";
import { SharedDecider } from "./shared-decider.ts";
import { MemoryStore } from "./stores/memory.ts";
import { type LimitStoreAddress, openStore } from "./stores/open-store.ts";

/**
 * @param maxKeysOf how many keys of a limit may be told apart, by what keys say of their limit; it may change
 * @throws LIMITS_STORE_ADDRESS
 */
export type OpenDecider = (address: LimitStoreAddress, maxKeysOf: (limit: string) => number) => DrawDecider;

export const openDecider: OpenDecider = (address, maxKeysOf) => {
  if (address.kind === "memory") return new MemoryDecider(new MemoryStore({ maxKeysOf }));
  return new SharedDecider(openStore(address), { maxKeysOf });
};
