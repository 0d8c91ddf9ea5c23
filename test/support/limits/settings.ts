import type { Quota, ResolvedLimit } from "../../../src/config/index.ts";
import { isFault, parseLimitText } from "../../../src/config/index.ts";
import type { LimitedRequest, RequestLimitSettings } from "../../../src/limits/index.ts";

/** A limit as the config resolves it, from what people write. */
export function limitOf(name: string, text: string, more: Partial<ResolvedLimit> = {}): ResolvedLimit {
  const parsed = parseLimitText(text);
  if (isFault(parsed)) throw new Error(`${text}: ${parsed.expected}`);
  return {
    name,
    ...parsed,
    routes: [],
    weights: [],
    weight: 1,
    tiers: {},
    mode: "exact",
    whenAway: "local",
    maxKeys: 1_000,
    ...more,
  };
}

export function quotaOf(text: string): Quota {
  return limitOf("any", text).quota;
}

export function settingsOf(
  limits: readonly ResolvedLimit[],
  more: Partial<RequestLimitSettings> = {},
): RequestLimitSettings {
  return { limits, tiers: [], adjustments: [], store: { kind: "memory" }, ...more };
}

export interface RequestParts {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly address?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export function requestOf({
  method = "GET",
  host = "example.com",
  path = "/",
  address,
  headers = {},
}: RequestParts = {}): LimitedRequest {
  return {
    method,
    host,
    path,
    clientAddress: address ?? "203.0.113.7",
    header: (name) => headers[name],
  };
}
