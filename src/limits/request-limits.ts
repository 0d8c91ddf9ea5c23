import { isDeepStrictEqual } from "node:util";
import type { ResolvedJwt, ResolvedLimits } from "../config/index.ts";
import { type Clock, systemClock } from "../kernel/index.ts";
import { type Claims, noClaims, RequestCaller } from "./callers/caller.ts";
import { ClaimsReader } from "./callers/claims.ts";
import type { DrawDecider } from "./decider.ts";
import { type Counts, LimitCounter } from "./limit-counts.ts";
import { scopeOf } from "./counting/limit-key.ts";
import type { LimitedPlace, LimitedRequest } from "./limited-request.ts";
import { rule, type Ruling, unlimited } from "./limiter.ts";
import { type OpenDecider, openDecider } from "./open-decider.ts";
import { compileRules, type Rules } from "./rules.ts";
import type { LimitStore } from "./store.ts";
import type { LimitStoreAddress } from "./stores/open-store.ts";

export interface RequestLimitSettings extends ResolvedLimits {
  readonly store: LimitStoreAddress;
}

export interface RequestLimitFigures {
  readonly store: LimitStore["kind"];
  readonly isAway: boolean;
  readonly calls: number;
  readonly failures: number;
  readonly limits: Readonly<Record<string, Readonly<Counts> & { readonly keys: number }>>;
}

/**
 * The limits of requests, from settings that change while they are asked: what is counted is kept with the store, and only a change of its address
 * begins anew. A limit whose quota changed keeps what is used, as far as the new one can hold it.
 */
export class RequestLimits {
  readonly #open: OpenDecider;
  readonly #clock: Clock;
  readonly #counter = new LimitCounter();
  #address: LimitStoreAddress | undefined;
  #decider: DrawDecider | undefined;
  #rulesOf: (service: string) => Rules | undefined = () => undefined;
  #names: readonly string[] = [];
  /** By what keys say of their limit. */
  #maxKeys: ReadonlyMap<string, number> = new Map();
  #jwt: ResolvedJwt | undefined;
  #claims: ClaimsReader | undefined;

  constructor(open: OpenDecider = openDecider, clock: Clock = systemClock) {
    this.#open = open;
    this.#clock = clock;
  }

  /** @param gateways processes among which what is allowed is shared while the store is away */
  configure(settings: RequestLimitSettings, gateways: number): void {
    this.#names = settings.limits.map(({ name }) => name);
    this.#maxKeys = new Map(settings.limits.map(({ name, maxKeys }) => [scopeOf(name), maxKeys]));
    if (this.#decider === undefined || !isDeepStrictEqual(this.#address, settings.store)) {
      // What the old one was asked, it answers.
      void this.#decider?.stop();
      this.#address = settings.store;
      this.#decider = this.#open(settings.store, (limit) => this.#maxKeys.get(limit) ?? 0);
    }
    this.#decider.share(gateways);
    if (!isDeepStrictEqual(this.#jwt, settings.jwt)) {
      this.#jwt = settings.jwt;
      this.#claims = settings.jwt === undefined ? undefined : new ClaimsReader(settings.jwt, {}, this.#clock);
    }
    this.#rulesOf = compileRules(settings, this.#counter);
  }

  /** @returns `undefined`: no limit concerns it. A promise only when a store or an issuer must be asked; it does not reject. */
  decide(request: LimitedRequest, place: LimitedPlace): Ruling | Promise<Ruling> | undefined {
    const rules = this.#rulesOf(place.service);
    if (rules === undefined) return undefined;
    const claims = this.#claims !== undefined && rules.needsClaims(request) ? this.#claims.of(request) : noClaims;
    if (!(claims instanceof Promise)) return this.#rule(rules, request, place, claims);
    return claims.then((known) => this.#rule(rules, request, place, known) ?? unlimited);
  }

  figures(): RequestLimitFigures {
    const decider = this.#decider;
    const limits = this.#names.map((name) => {
      return [name, { ...this.#counter.of(name), keys: decider?.keysOf(scopeOf(name)) ?? 0 }] as const;
    });
    const { isAway, calls, failures } = decider?.figures() ?? { isAway: false, calls: 0, failures: 0 };
    return { store: decider?.kind ?? "memory", isAway, calls, failures, limits: Object.fromEntries(limits) };
  }

  async stop(): Promise<void> {
    const decider = this.#decider;
    this.#decider = this.#address = undefined;
    this.#rulesOf = () => undefined;
    await decider?.stop();
  }

  #rule(rules: Rules, request: LimitedRequest, place: LimitedPlace, claims: Claims) {
    const charges = rules.charges(request, new RequestCaller(request, place, claims), this.#clock.now());
    // It may have been stopped while the claims were read.
    return charges.length === 0 || this.#decider === undefined ? undefined : rule(this.#decider, charges);
  }
}
