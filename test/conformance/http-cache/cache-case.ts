import { parseDuration } from "../../../src/kernel/index.ts";
import type { ResolvedCache } from "../../../src/config/index.ts";

/** When each case begins: at noon UTC, so that dates can be written down. */
export const noon = Date.parse("Sat, 21 Nov 2026 12:00:00 GMT");

/** Name and value of each field. A value that is a function is given the time at which the answer is made, in milliseconds since the epoch. */
export type Fields = readonly (readonly [name: string, value: string | ((now: number) => string)])[];

export interface Asked {
  readonly method?: string;
  readonly path?: string;
  readonly host?: string;
  readonly fields?: Fields;
  readonly body?: string;
}

export interface OriginAnswer {
  readonly status?: number;
  readonly fields?: Fields;
  /** Default: one that no other answer has. */
  readonly body?: string;
  /** Heads of status 1xx that come before. */
  readonly interim?: readonly { readonly status: number; readonly fields: Fields }[];
  /** The connection breaks: at once, or in the middle of the body. */
  readonly breaks?: "at once" | "in the body";
  /** Seconds that the origin takes. */
  readonly takes?: number;
  readonly framing?: "length" | "chunked" | "close";
}

/** Where what the client is given comes from. */
export type Source =
  /** The origin was asked, and its answer is the client's. */
  | "origin"
  /** It was not asked. */
  | "cache"
  /** It was asked whether what is stored is still good, has said so, and the client has what is stored. */
  | "validated"
  /** The client is told that it has it already. Nobody was asked. */
  | "not modified"
  /** The origin was asked and failed, and the client has what is stored. */
  | "stand-in"
  /** The gateway speaks for itself. */
  | "gateway"
  /** Wherever: what is asked is what it is. */
  | "either";

/** A value, a pattern, none at all, or the lines one by one. */
export type ExpectedValue = string | RegExp | undefined | readonly (string | RegExp)[];

export interface Expected {
  readonly from: Source;
  /** Default: that of the answer it comes from. */
  readonly status?: number;
  /** Fields that the client is given. */
  readonly fields?: Readonly<Record<string, ExpectedValue>>;
  /** Answers of status 1xx that the client is given before. */
  readonly interim?: readonly number[];
  /** The body of the step of that number, from 0. */
  readonly bodyOf?: number | undefined;
  readonly body?: string | RegExp | undefined;
  /** Fields that the origin is given. */
  readonly forwarded?: Readonly<Record<string, ExpectedValue>>;
  /** How often the origin is asked, where it is not once. */
  readonly asks?: number;
  /** The origin is asked once more, behind the client's back. */
  readonly asksBehind?: boolean;
}

export interface Step {
  readonly asked?: Asked;
  /** Seconds that pass before. */
  readonly after?: number;
  /** What the origin would say. One that has a validator is said as 304 to a request that has it too, as a real origin would. */
  readonly origin?: OriginAnswer;
  readonly expected: Expected;
}

/** What a cache must do, and where that is written. */
export interface CacheCase {
  readonly name: string;
  /** As `9111 §4.2.1`. */
  readonly section: string;
  readonly steps: readonly Step[];
  /** How the cache is set up, where it matters. */
  readonly set?: CacheSetting;
}

export interface CacheSetting {
  readonly heuristic?: string;
  readonly ttl?: string;
  readonly staleWhileRevalidate?: string;
  readonly staleIfError?: string;
  readonly setCookie?: "strip";
  readonly cookies?: "ignore";
  readonly key?: readonly string[];
}

export function rulesOf(set: CacheSetting = {}): Partial<ResolvedCache> {
  const { heuristic, ttl, staleWhileRevalidate = "0s", staleIfError = "0s", setCookie, cookies, key = [] } = set;
  return {
    ...(heuristic === undefined ? {} : { heuristicMaxMs: duration(heuristic) }),
    ...(ttl === undefined ? {} : { ttlMs: duration(ttl) }),
    staleWhileRevalidateMs: duration(staleWhileRevalidate),
    staleIfErrorMs: duration(staleIfError),
    stripSetCookie: setCookie === "strip",
    ignoresCookies: cookies === "ignore",
    key,
  };
}

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new Error(`${text} is no duration`);
  return ms;
}

/** An HTTP-date so many seconds from when the answer is made. */
export const dateIn =
  (seconds: number) =>
  (now: number): string =>
    new Date(now + seconds * 1_000).toUTCString();

export const control = (value: string): Fields => [["Cache-Control", value]];
export const fresh = control("max-age=3600");
export const modified = "Fri, 20 Nov 2026 12:00:00 GMT";

/** The origin is asked once, and what it has said serves the second request. */
export function reused(name: string, section: string, origin: OriginAnswer, more: Reuse = {}): CacheCase {
  return twice(name, section, origin, { from: "cache", bodyOf: 0, ...more.expected }, more);
}

/** The origin is asked both times. */
export function notReused(name: string, section: string, origin: OriginAnswer, more: Reuse = {}): CacheCase {
  return twice(name, section, origin, { from: "origin", ...more.expected }, more);
}

/** The second time, the origin is asked whether what it has said is still good. */
export function validated(name: string, section: string, origin: OriginAnswer, more: Reuse = {}): CacheCase {
  return twice(name, section, origin, { from: "validated", bodyOf: 0, ...more.expected }, more);
}

export interface Reuse extends Pick<CacheCase, "set"> {
  readonly asked?: Asked;
  /** The second time; default: the same. */
  readonly again?: Asked;
  readonly after?: number;
  readonly originAgain?: OriginAnswer;
  readonly expected?: Partial<Expected>;
}

function twice(name: string, section: string, origin: OriginAnswer, expected: Expected, more: Reuse): CacheCase {
  const { asked = {}, again = asked, after = 1, originAgain = origin, set } = more;
  return {
    name,
    section,
    ...(set === undefined ? {} : { set }),
    steps: [
      { asked, origin, expected: { from: "origin" } },
      { asked: again, after, origin: originAgain, expected },
    ],
  };
}
