import { createLimits, type LimitRuling } from "../../../src/limits/index.ts";
import type { Circumstances, Decider, DeciderOptions } from "./decider.ts";

type Options = Extract<DeciderOptions, { kind: "tenfold" }>;

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
