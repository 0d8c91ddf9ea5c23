import type { DrawDecider } from "./decider.ts";
import { MemoryDecider } from "./memory-decider.ts";
import { SharedDecider } from "./shared-decider.ts";
import { MemoryStore } from "./stores/memory.ts";
import { type LimitStoreAddress, openStore } from "./stores/open-store.ts";

/** Decides at any address. @param maxKeysOf how many keys of a limit may be told apart here. @throws LIMIT_STORE_ADDRESS */
export function openDecider(address: LimitStoreAddress, maxKeysOf: (limit: string) => number): DrawDecider {
  if (address.kind === "memory") return new MemoryDecider(new MemoryStore({ maxKeysOf }));
  return new SharedDecider(openStore(address), { maxKeysOf });
}
