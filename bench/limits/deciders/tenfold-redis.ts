import type { ResolvedLimit } from "../../../src/config/index.ts";
import { poll } from "../../../src/kernel/index.ts";
import { RequestLimits, type Ruling } from "../../../src/limits/index.ts";
import type { Circumstances, Decider, DeciderOptions } from "./decider.ts";

type Options = Extract<DeciderOptions, { kind: "tenfold-redis" }>;

const place = { service: "api", route: "0" };

/** As a gateway asks for each request, fields for the answer included. */
export async function openTenfoldRedis(options: Options, circumstances: Circumstances): Promise<Decider<Ruling>> {
  const limits = new RequestLimits();
  const store = { kind: "redis", url: circumstances.redisUrl, prefix: "tenfold:" } as const;
  limits.configure({ limits: [limitOf(options, circumstances)], tiers: [], adjustments: [], store }, 1);
  const ask: Decider<Ruling>["ask"] = (clientAddress) =>
    limits.decide({ method: "GET", host: "bench.test", path: "/", clientAddress, header: () => undefined }, place)!;
  let before = 0;
  const decidedAway = (): number => limits.figures().limits["bench"]!.decidedAway - before;
  // It connects in the background, and decides without Redis until then.
  await poll(
    async () => {
      const away = decidedAway();
      await ask("first");
      return decidedAway() === away ? true : undefined;
    },
    { everyMs: 20, deadlineMs: 10_000, onTimeout: () => new Error("Redis is not asked") },
  );
  before = decidedAway();
  return { ask, isAdmitted: ({ verdict }) => verdict === "admitted", decidedAway, stop: () => limits.stop() };
}

function limitOf({ algorithm, mode }: Options, { allowance, maxKeys }: Circumstances): ResolvedLimit {
  const { count, windowSeconds } = allowance;
  return {
    name: "bench",
    quota: { algorithm, count, windowMs: windowSeconds * 1_000, burst: count },
    per: [{ source: "ip" }],
    routes: [],
    weights: [],
    weight: 1,
    tiers: {},
    mode,
    whenAway: "local",
    maxKeys,
  };
}
