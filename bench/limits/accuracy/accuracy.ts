import type { Figures } from "../../support/target.ts";
import type { Allowance } from "../deciders/decider.ts";
import type { DemandLog } from "../subject/protocol.ts";
import { admitExactly, mostWithin } from "./sliding-log.ts";

/** What several processes have let through of one limit, beside what they might have. */
export function accuracyOf(logs: readonly DemandLog[], { count, windowSeconds }: Allowance): Figures {
  const windowMs = windowSeconds * 1_000;
  const asked = sorted(logs.flatMap((log) => log.asked));
  const admitted = logs.flatMap((log) =>
    log.asked.flatMap((asked, i) => (log.isAdmitted[i]! ? [{ asked, answered: log.answered[i]! }] : [])),
  );
  const [starts, ends] = [sorted(admitted.map((each) => each.asked)), sorted(admitted.map((each) => each.answered))];
  const possible = admitExactly(asked, count, windowMs);
  const over = (most: number): number => Math.max(0, most / count - 1) * 100;
  return {
    overPercent: over(mostWithin(ends, ends, windowMs)),
    overForCertainPercent: over(mostWithin(starts, ends, windowMs)),
    underPercent: Math.max(0, 1 - admitted.length / possible.length, lateness(ends, possible, asked[0]!)) * 100,
    refusedPercent: (1 - admitted.length / asked.length) * 100,
    decisions: asked.length,
    errors: logs.reduce((sum, { errors }) => sum + errors, 0),
  };
}

/**
 * By how much the pace was lower than it might have been: what a window lets through comes in bursts, and the last one may hide that each
 * was a little late.
 */
function lateness(ends: readonly number[], possible: readonly number[], from: number): number {
  const last = Math.min(ends.length, possible.length) - 1;
  return last < 0 ? 0 : 1 - (possible[last]! - from) / (ends[last]! - from);
}

const sorted = (times: readonly number[]): number[] => times.toSorted((a, b) => a - b);
