import type { LimitAdjustment, Quota } from "../config/index.ts";
import { type Policy, policyOf } from "./ratelimit-fields.ts";

/** What a caller has, and how he is told. */
export interface Tariff {
  readonly quota: Quota;
  readonly policy: Policy;
}

/**
 * The quota of a limit, or of a tier of it, at a time: of the adjustments that hold then the last, or else its own. It is looked up when it may
 * have changed, and else only remembered; the wall clock may go back.
 */
export class QuotaSchedule {
  readonly #own: Tariff | undefined;
  readonly #adjusted: readonly { readonly from: number; readonly until: number; readonly tariff: Tariff | undefined }[];
  #current: Tariff | undefined;
  #from = Infinity;
  #until = -Infinity;

  /** @param adjustments of this limit and tier, in their order */
  constructor(name: string, quota: Quota | "unlimited", adjustments: readonly LimitAdjustment[]) {
    this.#own = toTariff(name, quota);
    this.#adjusted = adjustments.map(({ quota, from = -Infinity, until = Infinity }) => ({
      from,
      until,
      tariff: toTariff(name, quota),
    }));
  }

  /** @returns `undefined`: unlimited */
  at(now: number): Tariff | undefined {
    if (this.#adjusted.length === 0) return this.#own;
    if (now < this.#from || now >= this.#until) this.#lookUp(now);
    return this.#current;
  }

  #lookUp(now: number): void {
    const times = this.#adjusted.flatMap(({ from, until }) => [from, until]);
    this.#from = Math.max(-Infinity, ...times.filter((time) => time <= now));
    this.#until = Math.min(Infinity, ...times.filter((time) => time > now));
    const holding = this.#adjusted.findLast(({ from, until }) => from <= now && now < until);
    this.#current = holding === undefined ? this.#own : holding.tariff;
  }
}

function toTariff(name: string, quota: Quota | "unlimited"): Tariff | undefined {
  return quota === "unlimited" ? undefined : { quota, policy: policyOf(name, quota) };
}
