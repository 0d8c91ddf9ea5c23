import type { Duration, RouteOptions } from "./options.ts";

/**
 * `"100/minute"`, `"20/second"`, `"5000/10m"`; of a limit also with its burst and whom it is counted for:
 * `"100/minute per ip"`, `"20/second burst 40 per header:x-api-key and route"`.
 */
export type Rate = string;

/**
 * Whom a limit is counted for: `"ip"` (of IPv6 the /64), `"header:x-api-key"`, `"cookie:session"`, `"claim:sub"` (of a verified JWT), `"service"`,
 * `"route"`. A request that has no such header, cookie or claim is not counted.
 */
export type LimitKey = string;

/** How many requests are let through. All limits that concern a request are decided together: it counts for all of them, or, refused, for none. */
export interface LimitOptions {
  /** `"100/minute"`, or with all that can be said in words: `"100/minute burst 20 per ip"`. */
  rate: Rate;
  /** Each, or each combination, has the rate for itself; `["claim:tenant", "claim:sub"]`: each user of each tenant. Default: all requests together. */
  per?: LimitKey | LimitKey[];
  /**
   * `"sliding-window"`: never more than the rate in any stretch of time as long as its window. `"gcra"`: spread evenly, with so many at
   * once as `burst` says (a token bucket). Default `"sliding-window"`; with a burst, `"gcra"`.
   */
  algorithm?: "sliding-window" | "gcra";
  /** So many may come at once. Default, with `"gcra"`: as many as the rate says for its window. */
  burst?: number;
  /**
   * What it concerns, as routes of a service are written; of paths case and a slash at the end do not matter, since to many apps they do not. Default: every
   * request of its service, or of the gateway.
   */
  routes?: (string | Omit<RouteOptions, "cache" | "priority" | "concurrency" | "brownout">)[];
  /** What a request counts for; by route: `{ "/api/search/*": 5 }`, others count for 1. Default 1. */
  weight?: number | Record<string, number>;
  /** Callers of a tier have another rate, or `"unlimited"`; a burst that it does not say grows with it. */
  tiers?: Record<string, Rate>;
  /**
   * Where several gateway processes share a limit. `"leased"`: each takes small batches from the store ahead of need, and most requests wait for
   * nobody. `"exact"`: each request is decided there. Default `"leased"`.
   */
  mode?: "exact" | "leased";
  /**
   * When the store cannot be reached. `"local"`: each gateway process lets its even share through. `"open"`: nobody is limited. `"closed"`: everybody
   * is refused. Default `"local"`.
   */
  whenAway?: "local" | "open" | "closed";
  /** So many callers are told apart; when there are more, those longest quiet are forgotten first, and never one that is refused. Default 100000. */
  maxKeys?: number;
}

/** Trusted callers. All that is given must hold; of a list, one. */
export interface TierOptions {
  /** Addresses or networks. */
  ip?: string | string[];
  /** By header name: what it must hold. Keep keys out of the file: `process.env.PARTNER_KEYS.split(",")`. */
  header?: Record<string, string | string[]>;
  /** By claim of a verified JWT: what it must be. */
  claim?: Record<string, string | string[]>;
}

/** Other rates for a time that is known beforehand. */
export interface EventOptions {
  /** ISO 8601, with its offset: `"2026-11-27T00:00:00Z"`. */
  from: string;
  until: string;
  /** By limit, or `"<limit>/<tier>"`: its rate for this time, or `"unlimited"`. */
  limits: Record<string, Rate>;
}

/** How JWTs are verified whose claims limits and tiers go by. Exactly one of `secret`, `publicKey` and `jwks`. */
export interface JwtOptions {
  /** For HS256 and its kin. Keep it out of the file: `env("JWT_SECRET")`. */
  secret?: string;
  /** PEM (SPKI), or a file that holds it, relative to the config file. */
  publicKey?: string;
  /** `https://issuer/.well-known/jwks.json`: fetched when needed, and again when keys change. */
  jwks?: string;
  issuer?: string;
  audience?: string | string[];
  /** Default: those that fit the key. */
  algorithms?: string[];
  /** The header that holds it, alone or behind a scheme word. Default `"authorization"`. */
  header?: string;
  /** Or the cookie that holds it. */
  cookie?: string;
}

/** What is done when a service is asked for more than it can do. */
export interface OverloadOptions {
  /**
   * Requests that the service has at once, over all its instances: a number, or `"adaptive"`: as many as it answers without a queue of its own.
   * Default `"adaptive"`.
   */
  concurrency?: "adaptive" | number;
  /** Requests that wait in the gateway until there is room; what exceeds them is answered 503 at once. Default 1000. */
  queue?: number;
  /** What has waited for so long is answered 503. Default `"1s"`. */
  queueTimeout?: Duration;
  /** The request header that says how long the client waits, in milliseconds or as `"2s"`: what cannot be done by then is not begun. Default `"x-request-timeout"`. */
  deadlineHeader?: string | false;
}

/** Of a route: a bound of its own, within that of its service. */
export interface ConcurrencyOptions {
  /** Requests at once. */
  max: number;
  /** Default 100. */
  queue?: number;
  /** Default `"1s"`. */
  queueTimeout?: Duration;
}

/** Who goes first when not all can. */
export type Priority = "critical" | "normal" | "background";
