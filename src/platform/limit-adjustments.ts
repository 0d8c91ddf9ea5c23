import { readFileSync } from "node:fs";
import { isFault, type LimitAdjustment, quotaInstead, type ResolvedLimit } from "../config/index.ts";
import { type Clock, codeOf, messageOf, systemClock, writeFileAtomic } from "../kernel/index.ts";
import { limitChangeNotKept, tooManyAdjustments } from "./errors.ts";

/**
 * Another rate for some time, said at runtime. It is kept in words, not as a quota: what it means is the limit's to say, which a reload may have
 * changed by then.
 */
export interface KeptAdjustment {
  readonly limit: string;
  readonly tier?: string;
  readonly rate: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly event?: string;
}

/** Far more than anybody oversees, and few enough to send to all gateways with each snapshot. */
const maxKept = 1_000;

export interface LimitAdjustmentsDeps {
  /** The file could not be read: nothing is adjusted. */
  readonly onLost?: (why: string) => void;
  readonly clock?: Clock;
}

/**
 * What was changed at runtime, in the order in which it was said: of several that concern the same callers at the same time the last one holds. It
 * survives the platform in a file; what is over, or can never hold again, is dropped with the next change.
 */
export class LimitAdjustments {
  readonly #file: string;
  readonly #clock: Clock;
  #kept: readonly KeptAdjustment[];
  #changing: Promise<void> = Promise.resolve();

  constructor(file: string, { onLost = () => {}, clock = systemClock }: LimitAdjustmentsDeps = {}) {
    this.#file = file;
    this.#clock = clock;
    this.#kept = read(file, onLost);
  }

  get all(): readonly KeptAdjustment[] {
    return this.#kept.filter(({ until }) => until === undefined || until > this.#clock.now());
  }

  /** Resolves when it is on the disk. @throws LIMIT_CHANGE_FULL, LIMIT_CHANGE_NOT_KEPT */
  async add(adjustment: KeptAdjustment): Promise<void> {
    await this.#change((all) => {
      const kept = [...all.filter((each) => !isOutdone(each, adjustment)), adjustment];
      if (kept.length > maxKept) throw tooManyAdjustments(maxKept);
      return kept;
    });
  }

  /** @returns those that were taken back */
  async remove(isMeant: (adjustment: KeptAdjustment) => boolean): Promise<readonly KeptAdjustment[]> {
    let removed: readonly KeptAdjustment[] = [];
    await this.#change((all) => {
      removed = all.filter(isMeant);
      return all.filter((each) => !removed.includes(each));
    });
    return removed;
  }

  /** One after the other, each from what the one before has left; it holds once it is on the disk, so that what could not be kept never did. */
  #change(decide: (all: readonly KeptAdjustment[]) => readonly KeptAdjustment[]): Promise<void> {
    const changed = this.#changing.then(async () => {
      const kept = decide(this.all);
      const content = JSON.stringify({ adjustments: kept }, undefined, 1);
      await writeFileAtomic(this.#file, content).catch((why: unknown) => {
        throw limitChangeNotKept(this.#file, why);
      });
      this.#kept = kept;
    });
    this.#changing = changed.catch(() => {});
    return changed;
  }
}

/**
 * The later one always wins where both hold: the earlier one is of no use when it never holds alone. But one for another event can be taken back with
 * that, and then it does.
 */
function isOutdone(earlier: KeptAdjustment, later: KeptAdjustment): boolean {
  return (
    earlier.limit === later.limit &&
    earlier.tier === later.tier &&
    (later.event === undefined || later.event === earlier.event) &&
    (later.from ?? -Infinity) <= (earlier.from ?? -Infinity) &&
    (later.until ?? Infinity) >= (earlier.until ?? Infinity)
  );
}

/** As gateways are told; those of limits and tiers that are gone, or to which their rate means nothing any more, are left out. */
export function toAdjustments(
  kept: readonly KeptAdjustment[],
  limits: readonly ResolvedLimit[],
): readonly LimitAdjustment[] {
  return kept.flatMap(({ rate, ...rest }): LimitAdjustment[] => {
    const limit = limits.find(({ name }) => name === rest.limit);
    if (limit === undefined || (rest.tier !== undefined && !Object.hasOwn(limit.tiers, rest.tier))) return [];
    const quota = quotaInstead(rate, limit.quota);
    return quota !== "unlimited" && isFault(quota) ? [] : [{ ...rest, quota }];
  });
}

function read(file: string, onLost: (why: string) => void): readonly KeptAdjustment[] {
  try {
    const { adjustments } = JSON.parse(readFileSync(file, "utf8")) as { readonly adjustments: readonly unknown[] };
    return adjustments.filter(isKept).slice(-maxKept);
  } catch (error) {
    if (codeOf(error) !== "ENOENT") onLost(`${file} cannot be read, so no limit is adjusted: ${messageOf(error)}`);
    return [];
  }
}

function isKept(value: unknown): value is KeptAdjustment {
  const { limit, tier, rate, from, until, event } = (value ?? {}) as Record<string, unknown>;
  const isText = (each: unknown): boolean => each === undefined || typeof each === "string";
  const isTime = (each: unknown): boolean =>
    each === undefined || (typeof each === "number" && !Number.isNaN(new Date(each).getTime()));
  return (
    typeof limit === "string" && typeof rate === "string" && [tier, event].every(isText) && [from, until].every(isTime)
  );
}
