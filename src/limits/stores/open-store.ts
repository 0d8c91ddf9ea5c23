import type { LimitStore } from "../store.ts";
import { MemoryStore, type MemoryStoreOptions } from "./memory.ts";
import { PlatformStore } from "./platform.ts";
import { RedisStore } from "./redis.ts";

/** Where limits are counted. */
export type LimitStoreAddress =
  /** In this process alone. */
  | { readonly kind: "memory" }
  /** The platform's, at this unix socket. */
  | { readonly kind: "platform"; readonly path: string }
  | { readonly kind: "redis"; readonly url: string; readonly prefix: string };

/** Connects, if need be, in the background. @throws LIMITS_STORE_ADDRESS */
export function openStore(address: LimitStoreAddress, options: MemoryStoreOptions = {}): LimitStore {
  switch (address.kind) {
    case "memory":
      return new MemoryStore(options);
    case "platform":
      return new PlatformStore(address);
    case "redis":
      return new RedisStore(address);
  }
}
