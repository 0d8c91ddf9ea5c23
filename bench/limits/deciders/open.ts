import type { Circumstances, Decider, DeciderOptions } from "./decider.ts";

/** Each loads only what it runs on. */
export async function openDecider(options: DeciderOptions, circumstances: Circumstances): Promise<Decider> {
  switch (options.kind) {
    case "tenfold":
      return (await import("./tenfold.ts")).openTenfold(options, circumstances) as Decider;
    case "tenfold-store":
      return (await import("./tenfold.ts")).openTenfoldStore(options, circumstances) as Decider;
    case "tenfold-redis":
      return (await (await import("./tenfold-redis.ts")).openTenfoldRedis(options, circumstances)) as Decider;
    case "flexible":
      return (await import("./flexible.ts")).openFlexible(circumstances);
    case "flexible-redis":
      return (await import("./flexible.ts")).openFlexibleRedis(options, circumstances);
  }
}
