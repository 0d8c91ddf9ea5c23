import { defaults } from "./defaults.ts";
import type {
  EventOptions,
  JwtOptions,
  LimitKey,
  LimitOptions,
  OverloadOptions,
  TierOptions,
} from "./limit-options.ts";
import { isFault, parseLimitText } from "./limit-text.ts";
import type { GatewayOptions, RoutedOptions } from "./options.ts";

export interface FilledLimit extends Required<Omit<LimitOptions, "per" | "burst">>, Pick<LimitOptions, "burst"> {
  /** Not given: the rate's text says it. */
  readonly per?: LimitKey[];
}

export type FilledOverload = Required<OverloadOptions>;

/** What the gateway is told of limits. */
export interface FilledGatewayLimits {
  readonly limits: Readonly<Record<string, FilledLimit>>;
  readonly tiers: Readonly<Record<string, TierOptions>>;
  readonly events: Readonly<Record<string, EventOptions>>;
  readonly jwt?: JwtOptions;
}

export function fillGatewayLimits({ limits, tiers = {}, events = {}, jwt }: GatewayOptions): FilledGatewayLimits {
  return {
    limits: fillLimits(limits),
    tiers,
    events,
    ...(jwt === undefined ? {} : { jwt: jwt.cookie === undefined ? { ...defaults.jwt, ...jwt } : jwt }),
  };
}

export function fillLimits(written: RoutedOptions["limits"] = {}): Record<string, FilledLimit> {
  return Object.fromEntries(Object.entries(written).map(([name, limit]) => [name, fillLimit(limit)]));
}

function fillLimit(written: string | LimitOptions): FilledLimit {
  const { per, ...said } = typeof written === "string" ? { rate: written } : written;
  const text = parseLimitText(said.rate);
  const isSaid = !isFault(text) && text.per.length > 0;
  const hasBurst = said.burst !== undefined || (!isFault(text) && text.quota.algorithm === "gcra");
  return {
    ...defaults.limit,
    ...(hasBurst ? { algorithm: "gcra" } : {}),
    ...(isSaid && per === undefined ? {} : { per: [per ?? []].flat() }),
    routes: [],
    tiers: {},
    ...said,
  };
}

export function fillOverload(written: RoutedOptions["overload"]): FilledOverload | false {
  return written === false ? false : { ...defaults.overload, ...written };
}
