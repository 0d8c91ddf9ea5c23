import type { DrawDecider } from "./decider.ts";
import { storeUnknown } from "./errors.ts";
import { MemoryDecider } from "./memory-decider.ts";
import { MemoryStore } from "./stores/memory.ts";

/** Where it is counted. */
export type LimitStoreAddress =
  | { readonly kind: "memory" }
  /** The platform's, at this unix socket. */
  | { readonly kind: "platform"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string; readonly prefix: string };

/** @param maxKeysOf how many keys of a limit may be told apart, by what keys say of their limit; it may change */
export type OpenDecider = (address: LimitStoreAddress, maxKeysOf: (limit: string) => number) => DrawDecider;

export const openDecider: OpenDecider = (address, maxKeysOf) => {
  if (address.kind !== "memory") throw storeUnknown(address.kind);
  return new MemoryDecider(new MemoryStore({ maxKeysOf }));
};
