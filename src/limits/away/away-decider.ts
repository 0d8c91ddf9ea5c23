import type { Quota } from "../../config/index.ts";
import type { Decision, StoreDraw } from "../decider.ts";
import type { QuotaState, Verdict } from "../store.ts";

/** Who counts what is counted here alone: a store in memory. */
export type DecideLocally = (draws: { key: string; quota: Quota; amount: number }[]) => Verdict;

/**
 * What is decided while the store is away, as each limit says. One that is closed refuses all; those that are local have this process's even
 * share of what is allowed, and are counted here; what is open is not counted.
 */
export function decideAway(draws: readonly StoreDraw[], gateways: number, decideLocally: DecideLocally): Decision {
  const states: (QuotaState | undefined)[] = draws.map(() => undefined);
  if (draws.some(({ limit }) => limit.whenAway === "closed")) return { verdict: "away", states, isDecidedAway: true };
  const local = [...draws.keys()].filter((i) => draws[i]!.limit.whenAway === "local");
  const verdict = decideLocally(local.map((i) => shareOf(draws[i]!, gateways)));
  local.forEach((i, place) => (states[i] = verdict.states[place]));
  return { verdict: verdict.isAdmitted ? "admitted" : "exceeded", states, isDecidedAway: true };
}

/** Even, and at least one. What weighs more than the share takes all of it, rather than never getting through. */
export function shareOf({ key, quota, amount }: StoreDraw, gateways: number): ReturnType<typeof drawOf> {
  const { algorithm, count, burst, windowMs } = quota;
  const [ownCount, ownBurst] = [evenShare(count, gateways), evenShare(burst, gateways)];
  const isEver = amount <= burst;
  return drawOf(
    key,
    { algorithm, count: ownCount, windowMs, burst: ownBurst },
    isEver ? Math.min(amount, ownBurst) : amount,
  );
}

const evenShare = (whole: number, gateways: number): number => Math.max(1, Math.floor(whole / gateways));

const drawOf = (key: string, quota: Quota, amount: number) => ({ key, quota, amount });
