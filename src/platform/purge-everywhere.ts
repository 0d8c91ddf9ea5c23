import type { PurgeOrder, PurgeOutcome } from "../gateway/index.ts";
import { type Clock, systemClock } from "../kernel/index.ts";
import { purgeIncomplete } from "./errors.ts";

/** A gateway process that may hold answers. */
export interface PurgeTarget {
  /** Name of the place that the process has, `"gateway-1"`; several may have it for a while. */
  readonly gateway: string;
  readonly pid: number | undefined;
  /** Resolves when it has confirmed, or has no cache any more: then with `undefined`. */
  purge(order: PurgeOrder): Promise<PurgeOutcome | undefined>;
}

export interface PurgeReport {
  /** How many stored answers it concerned, of all gateways together; missing: not counted. */
  readonly answers?: number;
  /** Those that have confirmed it. */
  readonly gateways: readonly string[];
  readonly tookMs: number;
}

/**
 * Purges the caches of all gateway processes, and resolves when no old answer is anywhere.
 *
 * Of each URL one gateway, its owner, asks the origin, and the others ask the owner. So, while the order is on its way, one that has purged an answer
 * already may get it back from an owner that the order has not reached yet: after one round an old answer may be left. But after one round every owner
 * has been purged, and what an owner has fetched since then is new: whatever is left came from an owner during the round. The second round
 * purges that, and it cannot come back. With one process there is nobody to get it from, and one round does.
 *
 * Who is asked is looked up anew for each round: a process that starts meanwhile is empty at first, but may fill itself from one that was not purged
 * yet. One that ends has taken its cache along.
 *
 * @throws CACHE_PURGE_INCOMPLETE
 */
export async function purgeEverywhere(
  orders: readonly PurgeOrder[],
  targets: () => readonly PurgeTarget[],
  clock: Clock = systemClock,
): Promise<PurgeReport> {
  const started = clock.monotonic();
  const first = targets();
  const outcomes = await purgeOnce(orders, first);
  const second = targets();
  if (first.length > 1 || second.length > 1) await purgeOnce(orders, second);
  const answers = sumOf(outcomes);
  return {
    ...(answers === undefined ? {} : { answers }),
    gateways: namesOf([...first, ...second]),
    tookMs: Math.round(clock.monotonic() - started),
  };
}

/** What each has said of each order; those that have ended have said nothing. */
async function purgeOnce(orders: readonly PurgeOrder[], targets: readonly PurgeTarget[]): Promise<PurgeOutcome[]> {
  const results = await Promise.all(
    targets.map(async (target) => {
      const all = await Promise.allSettled(orders.map((order) => target.purge(order)));
      return { target, all, failure: all.find((each) => each.status === "rejected") };
    }),
  );
  const missing = results.filter(({ failure }) => failure !== undefined);
  if (missing.length > 0) {
    const failed = missing.map(({ target: { gateway, pid } }) => `${gateway} (process ${pid ?? "unknown"})`);
    const confirmed = results.filter(({ failure }) => failure === undefined).map(({ target }) => target);
    throw purgeIncomplete(failed, namesOf(confirmed), missing[0]!.failure!.reason);
  }
  return results
    .flatMap(({ all }) => all.map((each) => (each.status === "fulfilled" ? each.value : undefined)))
    .filter((outcome) => outcome !== undefined);
}

/** Of the first round: the second one meets mostly what was purged already. */
function sumOf(outcomes: readonly PurgeOutcome[]): number | undefined {
  let sum = 0;
  for (const { answers } of outcomes) {
    if (answers === undefined) return undefined;
    sum += answers;
  }
  return sum;
}

function namesOf(targets: readonly PurgeTarget[]): string[] {
  return [...new Set(targets.map(({ gateway }) => gateway))].toSorted();
}
