import { formatDuration } from "../kernel/index.ts";
import type { Fault } from "./fields.ts";
import { isFault, parseRate } from "./limit-text.ts";
import type { Quota, ResolvedLimit } from "./resolved-limits.ts";

/**
 * What stands in place of a limit's own quota, for a tier or for some time, in the words of its author. It is counted by the limit's own algorithm. A
 * burst that it does not say grows with the rate: as much of it as before is saved up in the same time.
 */
export function quotaInstead(text: string, own: Quota): Quota | "unlimited" | Fault {
  if (text === "unlimited") return text;
  const said = parseRate(text);
  if (isFault(said)) return said;
  const { count, windowMs } = said;
  if (own.algorithm === "gcra") {
    if (said.algorithm === "gcra") return said;
    const burst = Math.max(1, Math.round((own.burst * count * own.windowMs) / (own.count * windowMs)));
    return { algorithm: "gcra", count, windowMs, burst };
  }
  if (said.algorithm === "gcra") {
    return {
      expected: "a rate without a burst: its limit counts by a sliding window",
      hint: `write "${formatRate({ ...said, algorithm: "sliding-window" })}", or give the limit itself a burst`,
    };
  }
  return said;
}

/** What the heaviest of its requests counts for: less than that a quota must not have at once, or such a request would always be refused. */
export function heaviestOf({ weight, weights }: Pick<ResolvedLimit, "weight" | "weights">): number {
  return Math.max(weight, ...weights.map((each) => each.weight));
}

const words = new Map([
  [1_000, "second"],
  [60_000, "minute"],
  [3_600_000, "hour"],
  [86_400_000, "day"],
]);

/** As people write it: `"100/minute"`, `"20/second burst 40"`, `"unlimited"`. */
export function formatRate(quota: Quota | "unlimited"): string {
  if (quota === "unlimited") return quota;
  const { algorithm, count, windowMs, burst } = quota;
  const rate = `${count}/${words.get(windowMs) ?? formatDuration(windowMs)}`;
  return algorithm === "gcra" ? `${rate} burst ${burst}` : rate;
}
