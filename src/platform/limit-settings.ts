import type { ResolvedConfig } from "../config/index.ts";
import type { LimitSettings, LimitStoreAddress } from "../gateway/index.ts";
import { type KeptAdjustment, toAdjustments } from "./limit-adjustments.ts";

/** What the gateways are told of limits; `undefined`: there are none. What was said at runtime comes after the config's events, and so wins. */
export function composeLimits(
  config: ResolvedConfig,
  kept: readonly KeptAdjustment[],
  storePath: string,
): LimitSettings | undefined {
  const { limits, adjustments } = config.limits;
  if (limits.length === 0) return undefined;
  return {
    ...config.limits,
    adjustments: [...adjustments, ...toAdjustments(kept, limits)],
    store: storeOf(config, storePath),
  };
}

/** Where there is one process that counts, it counts by itself; several count together. */
export function storeOf({ name, redis, gateway }: ResolvedConfig, storePath: string): LimitStoreAddress {
  if (redis !== undefined) return { kind: "redis", url: redis.url, prefix: `tenfold:${name}:` };
  return gateway.processes > 1 ? { kind: "platform", path: storePath } : { kind: "memory" };
}
