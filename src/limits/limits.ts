import { isFault, parseLimitKey, parseLimitText, type Quota } from "../config/index.ts";
import type { Caller } from "./callers/caller.ts";
import type { DrawDecider } from "./decider.ts";
import { limitInvalid, limitUnknown, weightInvalid } from "./errors.ts";
import { GivenCaller, type LimitCaller } from "./callers/given-caller.ts";
import { type CallerKey, compileCallerKey } from "./callers/key-sources.ts";
import { LimitCounter } from "./limit-counts.ts";
import { scopeOf } from "./counting/limit-key.ts";
import { type Charge, type ChargedLimit, rule, type Ruling, unlimited } from "./limiter.ts";
import { type OpenDecider, openDecider } from "./open-decider.ts";
import { checkedTerms, type LimitTerms, limitsDefaults } from "./limit-terms.ts";
import { type Policy, policyOf } from "./ratelimit-fields.ts";

export interface LimitsOptions<Name extends string = string> {
  /** `{ login: "5/minute per ip" }` */
  readonly limits: Readonly<Record<Name, string | LimitTerms>>;
  /** Where it is counted: `"redis://host:6379"`, for all processes that use the same. Default: in the memory of this one. */
  readonly store?: string;
  /** Of keys in Redis. Default `"tenfold:limits:"`. */
  readonly prefix?: string;
}

export interface DecideOptions {
  /** What it counts for. Default 1. */
  readonly weight?: number;
}

/** What was decided about one request. */
export interface LimitRuling {
  readonly isAdmitted: boolean;
  /** It cannot be counted now, and is refused therefore. */
  readonly isAway: boolean;
  /** Names of the limits that are exceeded. */
  readonly exceeded: readonly string[];
  /** Until it is worth asking again; 0: it was admitted. */
  readonly retryAfterSeconds: number;
  /** For the answer, put together when asked for: `RateLimit-Policy`, `RateLimit`, and `Retry-After` when it is refused. */
  headers(): Readonly<Record<string, string>>;
}

/**
 * Limits by name, to be asked wherever something costs something.
 *
 * @example
 * ```ts
 * await using limits = createLimits({ limits: { login: "5/minute per ip", all: "1000/second" } });
 * const { isAdmitted, retryAfterSeconds } = await limits.decide(["login", "all"], { ip: "203.0.113.7" });
 * ```
 * @throws LIMITS_INVALID
 */
export function createLimits<const Name extends string>(options: LimitsOptions<Name>): Limits<Name> {
  return new Limits(options);
}

export class Limits<Name extends string = string> implements AsyncDisposable {
  readonly #limits: ReadonlyMap<string, NamedLimit>;
  readonly #decider: DrawDecider;

  constructor({ limits, store, prefix = limitsDefaults.prefix }: LimitsOptions<Name>, open: OpenDecider = openDecider) {
    const counter = new LimitCounter();
    const terms = Object.entries<string | LimitTerms>(limits);
    this.#limits = new Map(terms.map(([name, each]) => [name, compile(name, each, counter)]));
    const maxKeys = new Map([...this.#limits].map(([name, each]) => [scopeOf(name), each.maxKeys]));
    const address =
      store === undefined ? ({ kind: "memory" } as const) : ({ kind: "redis", url: store, prefix } as const);
    this.#decider = open(address, (limit) => maxKeys.get(limit) ?? 0);
  }

  /**
   * All or nothing: what one of several limits refuses counts for none of them.
   *
   * @returns at once, unless a store must be asked; awaited, it is the same
   * @throws LIMITS_UNKNOWN, LIMITS_CALLER_INCOMPLETE, LIMITS_WEIGHT
   */
  decide(
    names: Name | readonly Name[],
    caller: LimitCaller = {},
    { weight = 1 }: DecideOptions = {},
  ): LimitRuling | Promise<LimitRuling> {
    if (!Number.isSafeInteger(weight) || weight < 1) throw weightInvalid(weight);
    const given = new GivenCaller(caller);
    const charges =
      typeof names === "string"
        ? this.#charge(names, given, weight)
        : [...new Set(names)].flatMap((name) => this.#charge(name, given, weight));
    const ruling = charges.length === 0 ? unlimited : rule(this.#decider, charges);
    return ruling instanceof Promise ? ruling.then(toLimitRuling) : toLimitRuling(ruling);
  }

  stop(): Promise<void> {
    return this.#decider.stop();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop();
  }

  /** None: this caller is not counted. */
  #charge(name: string, caller: Caller, amount: number): Charge[] {
    const { scope, keyOf, quota, limit, policy } = this.#find(name);
    const key = keyOf(caller);
    return key === undefined ? [] : [{ scope, caller: key, quota, amount, limit, policy }];
  }

  #find(name: string): NamedLimit {
    const limit = this.#limits.get(name);
    if (limit === undefined) throw limitUnknown(name, [...this.#limits.keys()]);
    return limit;
  }
}

interface NamedLimit {
  readonly scope: string;
  readonly keyOf: CallerKey;
  readonly quota: Quota;
  readonly limit: ChargedLimit;
  readonly policy: Policy;
  readonly maxKeys: number;
}

function compile(name: string, given: string | LimitTerms, counter: LimitCounter): NamedLimit {
  const terms = checkedTerms(name, given);
  const parsed = parseLimitText(terms.rate);
  if (isFault(parsed)) throw faulty(name, terms.rate, parsed);
  const per = terms.per.map((text) => {
    const key = parseLimitKey(text);
    if (isFault(key)) throw faulty(name, text, key);
    return key;
  });
  const { quota } = parsed;
  const { maxKeys, mode, whenAway } = terms;
  return {
    scope: scopeOf(name),
    keyOf: compileCallerKey([...parsed.per, ...per]),
    quota,
    limit: { name, mode, whenAway, counts: counter.of(name) },
    policy: policyOf(name, quota),
    maxKeys,
  };
}

function faulty(name: string, text: string, fault: { expected: string; found?: string; hint?: string }) {
  return limitInvalid(name, fault.found ?? JSON.stringify(text), fault.expected, fault.hint);
}

const toLimitRuling = (ruling: Ruling): LimitRuling => new NamedRuling(ruling);

/** No literal with a function in it, as one would be made for each decision. */
class NamedRuling implements LimitRuling {
  readonly isAdmitted: boolean;
  readonly isAway: boolean;
  readonly exceeded: readonly string[];
  readonly retryAfterSeconds: number;
  readonly #ruling: Ruling;

  constructor(ruling: Ruling) {
    const { verdict, exceeded, retryAfterSeconds } = ruling;
    this.isAdmitted = verdict === "admitted";
    this.isAway = verdict === "away";
    this.exceeded = exceeded;
    this.retryAfterSeconds = this.isAdmitted ? 0 : retryAfterSeconds;
    this.#ruling = ruling;
  }

  headers(): Record<string, string> {
    const fields = this.#ruling.fields();
    const headers: Record<string, string> = {};
    for (let i = 0; i < fields.length; i += 2) headers[fields[i]!] = fields[i + 1]!;
    if (!this.isAdmitted) headers["Retry-After"] = String(this.retryAfterSeconds);
    return headers;
  }
}
