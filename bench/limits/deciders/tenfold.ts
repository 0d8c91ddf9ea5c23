import { createLimits, type LimitRuling, MemoryStore, type Verdict } from "../../../src/limits/index.ts";
import type { Circumstances, Decider, DeciderOptions } from "./decider.ts";

type Options = Extract<DeciderOptions, { kind: "tenfold" | "tenfold-store" }>;

/** As an app asks: with the caller's address, and fields for the answer in return. */
export function openTenfold({ algorithm }: Options, { allowance, maxKeys }: Circumstances): Decider<LimitRuling> {
  const { count, windowSeconds } = allowance;
  const burst = algorithm === "gcra" ? ` burst ${count}` : "";
  const limits = createLimits({ limits: { bench: { rate: `${count}/${windowSeconds}s${burst} per ip`, maxKeys } } });
  return {
    ask: (ip) => limits.decide("bench", { ip }),
    isAdmitted: ({ isAdmitted }) => isAdmitted,
    stop: () => limits.stop(),
  };
}

export function openTenfoldStore({ algorithm }: Options, { allowance, maxKeys }: Circumstances): Decider<Verdict> {
  const store = new MemoryStore({ maxKeysOf: () => maxKeys });
  const { count, windowSeconds } = allowance;
  const quota = { algorithm, count, windowMs: windowSeconds * 1_000, burst: count };
  return {
    ask: (ip) => store.charge([{ scope: "bench", caller: ip, quota, amount: 1 }]),
    isAdmitted: ({ isAdmitted }) => isAdmitted,
    stop: () => store.stop(),
  };
}
