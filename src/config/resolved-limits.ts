import type { Priority } from "./limit-options.ts";
import type { ResolvedRoute } from "./resolved.ts";

/** How much in how long. */
export interface Quota {
  readonly algorithm: "sliding-window" | "gcra";
  /** Per window. */
  readonly count: number;
  readonly windowMs: number;
  /** At once, at most; of a sliding window: `count`. */
  readonly burst: number;
}

export type LimitKeySource =
  | { readonly source: "ip" | "service" | "route" }
  | { readonly source: "header" | "cookie" | "claim"; readonly name: string };

export interface ResolvedLimit {
  /** Unique over gateway and services. */
  readonly name: string;
  /** Whose requests it concerns; not given: all. */
  readonly service?: string;
  /** One of them must fit; empty: all requests. */
  readonly routes: readonly ResolvedRoute[];
  readonly quota: Quota;
  readonly per: readonly LimitKeySource[];
  /** The first that fits; else `weight`. */
  readonly weights: readonly { readonly route: ResolvedRoute; readonly weight: number }[];
  readonly weight: number;
  readonly tiers: Readonly<Record<string, Quota | "unlimited">>;
  readonly mode: "exact" | "leased";
  readonly whenAway: "local" | "open" | "closed";
  readonly maxKeys: number;
}

/** Values as lists: one of them must hold. */
export interface ResolvedTier {
  readonly name: string;
  readonly ips: readonly string[];
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, readonly string[]>>;
  readonly claims: Readonly<Record<string, readonly string[]>>;
}

export interface ResolvedJwt {
  readonly key:
    | { readonly kind: "secret"; readonly secret: string }
    | { readonly kind: "public"; readonly pem: string }
    | { readonly kind: "jwks"; readonly url: string };
  readonly issuer?: string;
  readonly audience?: readonly string[];
  readonly algorithms?: readonly string[];
  readonly from: { readonly kind: "header" | "cookie"; readonly name: string };
}

/** Another quota for some time: said in the config as an event, or at runtime. Of several that fit, the last holds. */
export interface LimitAdjustment {
  readonly limit: string;
  /** Of the callers of this tier; not given: of those of none. */
  readonly tier?: string;
  readonly quota: Quota | "unlimited";
  /** Epoch milliseconds. */
  readonly from?: number;
  readonly until?: number;
  /** Why. */
  readonly event?: string;
}

export interface ResolvedLimits {
  readonly limits: readonly ResolvedLimit[];
  /** The first that fits a caller is the caller's. */
  readonly tiers: readonly ResolvedTier[];
  readonly jwt?: ResolvedJwt;
  readonly adjustments: readonly LimitAdjustment[];
}

export interface ResolvedOverload {
  readonly concurrency: "adaptive" | number;
  readonly queue: number;
  readonly queueTimeoutMs: number;
  /** Lower case. */
  readonly deadlineHeader?: string;
}

/** What a route says of its requests when there is too much to do. */
export interface RouteOverload {
  readonly priority?: Priority;
  readonly concurrency?: { readonly max: number; readonly queue: number; readonly queueTimeoutMs: number };
  /** Its service can do less for these, when told so. */
  readonly brownout?: true;
}
