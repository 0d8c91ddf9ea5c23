import type { LimitAdjustment, ResolvedLimit, ResolvedLimits } from "../config/index.ts";
import type { Caller } from "./callers/caller.ts";
import { type CallerKey, compileCallerKey } from "./callers/key-sources.ts";
import { scopeOf } from "./counting/limit-key.ts";
import type { LimitedRequest } from "./limited-request.ts";
import type { Charge, ChargedLimit } from "./limiter.ts";
import type { LimitCounter } from "./limit-counts.ts";
import { QuotaSchedule } from "./quota-schedule.ts";
import { compileRouteMatch, compileRouteMatches, type RouteMatch } from "./route-match.ts";
import { compileTiers, needsClaims, type TierOf } from "./callers/tiers.ts";

/** Which limits concern the requests of a service, and what each of them charges whom: compiled once. */
export interface Rules {
  /** Whether who the caller is cannot be known without his token. */
  needsClaims(request: LimitedRequest): boolean;
  /** @param now epoch milliseconds */
  charges(request: LimitedRequest, caller: Caller, now: number): Charge[];
}

/** @returns by service; those without limits have none */
export function compileRules(settings: ResolvedLimits, counter: LimitCounter): (service: string) => Rules | undefined {
  const tierOf = compileTiers(settings.tiers);
  const claimsForTiers = needsClaims(settings.tiers);
  const compiled = settings.limits.map((limit) => new Rule(limit, settings.adjustments, claimsForTiers, counter));
  const rulesOf = (service: string | undefined): Rules | undefined => {
    const rules = compiled.filter((rule) => rule.service === undefined || rule.service === service);
    return rules.length === 0 ? undefined : new ServiceRules(rules, tierOf);
  };
  const ofAny = rulesOf(undefined);
  const ofServices = new Map(
    compiled.flatMap(({ service }) => (service === undefined ? [] : [[service, rulesOf(service)!]])),
  );
  return (service) => ofServices.get(service) ?? ofAny;
}

class ServiceRules implements Rules {
  readonly #rules: readonly Rule[];
  readonly #withClaims: readonly Rule[];
  readonly #tierOf: TierOf;

  constructor(rules: readonly Rule[], tierOf: TierOf) {
    this.#rules = rules;
    this.#withClaims = rules.filter((rule) => rule.needsClaims);
    this.#tierOf = tierOf;
  }

  needsClaims(request: LimitedRequest): boolean {
    for (let i = 0; i < this.#withClaims.length; i++) if (this.#withClaims[i]!.concerns(request)) return true;
    return false;
  }

  charges(request: LimitedRequest, caller: Caller, now: number): Charge[] {
    const charges: Charge[] = [];
    /** Found out when the first limit with tiers asks. */
    let tier: string | undefined | null = null;
    for (let i = 0; i < this.#rules.length; i++) {
      const rule = this.#rules[i]!;
      if (!rule.concerns(request)) continue;
      if (rule.hasTiers && tier === null) tier = this.#tierOf(caller);
      const charge = rule.charge(request, caller, tier ?? undefined, now);
      if (charge !== undefined) charges.push(charge);
    }
    return charges;
  }
}

class Rule {
  readonly service: string | undefined;
  readonly concerns: RouteMatch;
  readonly needsClaims: boolean;
  readonly hasTiers: boolean;
  readonly #limit: ChargedLimit;
  readonly #keyOf: CallerKey;
  readonly #weightOf: (request: LimitedRequest) => number;
  readonly #own: Rate;
  readonly #tiers: ReadonlyMap<string, Rate>;

  constructor(
    limit: ResolvedLimit,
    adjustments: readonly LimitAdjustment[],
    claimsForTiers: boolean,
    counter: LimitCounter,
  ) {
    const { name, mode, whenAway, per } = limit;
    this.service = limit.service;
    this.concerns = compileRouteMatches(limit.routes);
    this.#limit = { name, mode, whenAway, counts: counter.of(name) };
    this.#keyOf = compileCallerKey(per);
    this.#weightOf = compileWeight(limit);
    const mine = adjustments.filter((each) => each.limit === name);
    this.#own = rateOf(limit, undefined, mine);
    const tierNames = new Set([...Object.keys(limit.tiers), ...mine.flatMap(({ tier }) => tier ?? [])]);
    this.#tiers = new Map([...tierNames].map((tier) => [tier, rateOf(limit, tier, mine)]));
    this.hasTiers = this.#tiers.size > 0;
    this.needsClaims = per.some(({ source }) => source === "claim") || (this.hasTiers && claimsForTiers);
  }

  /** @returns `undefined`: this caller is not counted */
  charge(request: LimitedRequest, caller: Caller, tier: string | undefined, now: number): Charge | undefined {
    const { scope, schedule } = (tier === undefined ? undefined : this.#tiers.get(tier)) ?? this.#own;
    const tariff = schedule.at(now);
    if (tariff === undefined) return undefined;
    const amount = this.#weightOf(request);
    const key = amount > 0 ? this.#keyOf(caller) : undefined;
    if (key === undefined) return undefined;
    return { scope, caller: key, quota: tariff.quota, amount, limit: this.#limit, policy: tariff.policy };
  }
}

/** Of callers of one kind. */
interface Rate {
  readonly scope: string;
  readonly schedule: QuotaSchedule;
}

function rateOf(limit: ResolvedLimit, tier: string | undefined, adjustments: readonly LimitAdjustment[]): Rate {
  const own = tier !== undefined && Object.hasOwn(limit.tiers, tier) ? limit.tiers[tier]! : limit.quota;
  return {
    scope: scopeOf(limit.name, tier),
    schedule: new QuotaSchedule(
      limit.name,
      own,
      adjustments.filter((each) => each.tier === tier),
    ),
  };
}

function compileWeight({ weight, weights }: ResolvedLimit): (request: LimitedRequest) => number {
  if (weights.length === 0) return () => weight;
  const byRoute = weights.map((each) => ({ weight: each.weight, isMatch: compileRouteMatch(each.route) }));
  return (request) => byRoute.find(({ isMatch }) => isMatch(request))?.weight ?? weight;
}
