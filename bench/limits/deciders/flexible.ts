import { createClient } from "@redis/client";
import { type RateLimiterAbstract, RateLimiterMemory, RateLimiterRedis } from "rate-limiter-flexible";
import type { Circumstances, Decider } from "./decider.ts";

/** rate-limiter-flexible with what its documentation calls fast: nothing insured, nothing delayed, no client between it and Redis but node-redis. */
export function openFlexible({ allowance }: Circumstances): Decider {
  return deciderOf(new RateLimiterMemory(termsOf(allowance)), () => Promise.resolve());
}

export async function openFlexibleRedis(
  { blocksInMemory }: { readonly blocksInMemory: boolean },
  { allowance, redisUrl }: Circumstances,
): Promise<Decider> {
  const client = createClient({ url: redisUrl });
  client.on("error", (error) => console.error(error));
  await client.connect();
  const block = blocksInMemory ? { inMemoryBlockOnConsumed: allowance.count } : {};
  const limiter = new RateLimiterRedis({
    ...termsOf(allowance),
    ...block,
    storeClient: client,
    useRedisPackage: true,
  });
  return deciderOf(limiter, () => client.close());
}

function termsOf({ count, windowSeconds }: Circumstances["allowance"]) {
  return { points: count, duration: windowSeconds };
}

/** Who is refused has a promise that rejects, with how long to wait. */
function deciderOf(limiter: RateLimiterAbstract, stop: () => Promise<unknown>): Decider {
  return { ask: (key) => limiter.consume(key), isAdmitted: () => true, stop: async () => void (await stop()) };
}
