import type { CountedLimit, Decision, DrawDecider, LimitDraw } from "./decider.ts";
import type { Counts } from "./limit-counts.ts";
import { type Policy, rateLimitFields, retryAfterSeconds } from "./ratelimit-fields.ts";

/** What a request costs its caller of one limit. */
export interface Charge extends LimitDraw {
  readonly limit: ChargedLimit;
  readonly policy: Policy;
}

export interface ChargedLimit extends CountedLimit {
  readonly counts: Counts;
}

export interface Ruling {
  /** `away`: it cannot be counted, and is to be refused then. */
  readonly verdict: "admitted" | "exceeded" | "away";
  /** Names of the limits that are exceeded. */
  readonly exceeded: readonly string[];
  /** Seconds, whole, at least 1; of what is refused. */
  readonly retryAfterSeconds: number;
  /** `RateLimit` and `RateLimit-Policy` for the answer, put together when asked for: name, value, name, value. */
  fields(): readonly string[];
}

type Refusal = Pick<Ruling, "exceeded" | "retryAfterSeconds">;

const noRefusal: Refusal = { exceeded: [], retryAfterSeconds: 1 };

export const unlimited: Ruling = { verdict: "admitted", ...noRefusal, fields: () => [] };

/** One decision about all that a request is charged; at once, if the decider answers at once. @param charges not empty */
export function rule(decider: DrawDecider, charges: readonly Charge[]): Ruling | Promise<Ruling> {
  const decision = decider.decide(charges);
  return decision instanceof Promise
    ? decision.then((decided) => toRuling(charges, decided))
    : toRuling(charges, decision);
}

/** No literal with a function in it, as one would be made for each decision. */
class ChargeRuling implements Ruling {
  readonly verdict: Ruling["verdict"];
  readonly exceeded: readonly string[];
  readonly retryAfterSeconds: number;
  readonly #charges: readonly Charge[];
  readonly #states: Decision["states"];

  constructor(charges: readonly Charge[], { verdict, states }: Decision, refusal: Refusal = noRefusal) {
    this.verdict = verdict;
    this.exceeded = refusal.exceeded;
    this.retryAfterSeconds = refusal.retryAfterSeconds;
    this.#charges = charges;
    this.#states = states;
  }

  fields(): readonly string[] {
    return rateLimitFields(this.#charges, this.#states);
  }
}

function toRuling(charges: readonly Charge[], decision: Decision): Ruling {
  const { verdict, states, isDecidedAway } = decision;
  if (isDecidedAway) for (const { limit } of charges) limit.counts.decidedAway++;
  if (verdict === "admitted") {
    for (let i = 0; i < charges.length; i++) charges[i]!.limit.counts.admitted++;
    return new ChargeRuling(charges, decision);
  }
  const exceeded: string[] = [];
  let seconds = 1;
  for (const [i, { limit, policy }] of charges.entries()) {
    const state = states[i];
    const isRefused =
      verdict === "exceeded" ? state !== undefined && state.retryAfterMs > 0 : limit.whenAway === "closed";
    if (!isRefused) continue;
    limit.counts.refused++;
    if (verdict === "exceeded") exceeded.push(limit.name);
    seconds = Math.max(seconds, retryAfterSeconds(state, policy));
  }
  return new ChargeRuling(charges, decision, { exceeded, retryAfterSeconds: seconds });
}
