import { formatRate, type LimitAdjustment, type Quota, type ResolvedLimit } from "../config/index.ts";
import type { GatewayFigures, LimitCounts, LimitFigures } from "../gateway/index.ts";

/** What limits there are, what of each holds now, and what all gateway processes together have counted since they started. */
export interface LimitsReport {
  readonly store: LimitFigures["store"];
  /** At least one gateway process cannot reach it. */
  readonly isAway: boolean;
  /** Calls to the store. */
  readonly calls: number;
  /** Of those, that failed or came too late. */
  readonly failures: number;
  readonly limits: readonly LimitReport[];
  /** Events of the config, then what was said at runtime. */
  readonly adjustments: readonly AdjustmentReport[];
}

export interface LimitReport extends LimitCounts {
  readonly name: string;
  /** Whose requests it concerns; not given: all. */
  readonly service?: string;
  readonly algorithm: Quota["algorithm"];
  /** As it is written: `"header:x-api-key"`. */
  readonly per: readonly string[];
  readonly mode: ResolvedLimit["mode"];
  readonly whenAway: ResolvedLimit["whenAway"];
  /** First that of callers of no tier. */
  readonly rates: readonly RateReport[];
}

export interface RateReport {
  readonly tier?: string;
  /** As the config has it. */
  readonly rate: string;
  /** What holds now. */
  readonly now: string;
  /** Until something else does; epoch milliseconds. */
  readonly until?: number;
  /** Why it is not the config's. */
  readonly event?: string;
}

export interface AdjustmentReport {
  readonly limit: string;
  readonly tier?: string;
  readonly rate: string;
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  readonly event?: string;
  readonly by: "config" | "runtime";
  /** `planned`: not yet. `outdone`: another one holds. `over`: it has been. */
  readonly state: "holds" | "planned" | "outdone" | "over";
}

export interface LimitsReportInput {
  readonly limits: readonly ResolvedLimit[];
  readonly events: readonly LimitAdjustment[];
  readonly adjustments: readonly LimitAdjustment[];
  readonly store: LimitFigures["store"];
  readonly gateways: Iterable<GatewayFigures>;
  readonly now: number;
}

export function limitsReport({ limits, events, adjustments, store, gateways, now }: LimitsReportInput): LimitsReport {
  const counted = [...gateways].flatMap(({ limits: each }) => (each === undefined ? [] : [each]));
  const sum = (count: (figures: LimitFigures) => number): number =>
    counted.reduce((total, figures) => total + count(figures), 0);
  const countsOf = (name: string, what: keyof LimitCounts): number => sum((each) => each.limits[name]?.[what] ?? 0);
  const all = [...events, ...adjustments];
  return {
    store,
    isAway: counted.some(({ isAway }) => isAway),
    calls: sum(({ calls }) => calls),
    failures: sum(({ failures }) => failures),
    limits: limits.map((limit) => ({
      name: limit.name,
      ...(limit.service === undefined ? {} : { service: limit.service }),
      algorithm: limit.quota.algorithm,
      per: limit.per.map((key) => ("name" in key ? `${key.source}:${key.name}` : key.source)),
      mode: limit.mode,
      whenAway: limit.whenAway,
      rates: [
        rateOf(limit.name, undefined, limit.quota, all, now),
        ...Object.entries(limit.tiers).map(([tier, quota]) => rateOf(limit.name, tier, quota, all, now)),
      ],
      admitted: countsOf(limit.name, "admitted"),
      refused: countsOf(limit.name, "refused"),
      decidedAway: countsOf(limit.name, "decidedAway"),
      keys: countsOf(limit.name, "keys"),
    })),
    adjustments: all.map(({ quota, ...each }, index) => ({
      ...each,
      rate: formatRate(quota),
      by: index < events.length ? "config" : "runtime",
      state: stateOf(all[index]!, all, now),
    })),
  };
}

function rateOf(
  limit: string,
  tier: string | undefined,
  own: Quota | "unlimited",
  all: readonly LimitAdjustment[],
  now: number,
): RateReport {
  const concerned = all.filter((each) => each.limit === limit && each.tier === tier);
  const holding = holdingAt(concerned, now);
  const changes = concerned.flatMap(({ from, until }) => [from, until]).filter((at) => at !== undefined && at > now);
  const until = (changes as number[]).toSorted((a, b) => a - b).find((at) => holdingAt(concerned, at) !== holding);
  return {
    ...(tier === undefined ? {} : { tier }),
    rate: formatRate(own),
    now: formatRate(holding?.quota ?? own),
    ...(until === undefined ? {} : { until }),
    ...(holding?.event === undefined ? {} : { event: holding.event }),
  };
}

/** Of several whose time it is, the last. Gateways decide by the same rule, each by its own clock. */
function holdingAt(adjustments: readonly LimitAdjustment[], at: number): LimitAdjustment | undefined {
  return adjustments.findLast(({ from = -Infinity, until = Infinity }) => from <= at && at < until);
}

function stateOf(adjustment: LimitAdjustment, all: readonly LimitAdjustment[], now: number): AdjustmentReport["state"] {
  if (adjustment.until !== undefined && adjustment.until <= now) return "over";
  if (adjustment.from !== undefined && adjustment.from > now) return "planned";
  const rivals = all.filter(({ limit, tier }) => limit === adjustment.limit && tier === adjustment.tier);
  return holdingAt(rivals, now) === adjustment ? "holds" : "outdone";
}
