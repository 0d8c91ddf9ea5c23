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
  | "gateway";

export interface Expected {
  readonly from: Source;
  readonly status?: number;
  /** Fields that the client is given: a value, a pattern, or none at all. */
  readonly fields?: Readonly<Record<string, string | RegExp | undefined>>;
  /** The body of the step of that number, from 0. */
  readonly bodyOf?: number | undefined;
  readonly body?: string | undefined;
  /** Fields that the origin is given. */
  readonly forwarded?: Readonly<Record<string, string | RegExp | undefined>>;
  /** The origin is asked once more, behind the client's back. */
  readonly asksBehind?: boolean;
}

export interface Step {
  readonly asked?: Asked;
  /** Seconds that pass before. */
  readonly after?: number;
  /** What the origin would say. */
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
  readonly set?: { readonly heuristic?: string; readonly ttl?: string; readonly setCookie?: "strip" };
}

/** An HTTP-date so many seconds from when the answer is made. */
export const dateIn =
  (seconds: number) =>
  (now: number): string =>
    new Date(now + seconds * 1_000).toUTCString();

export const control = (value: string): Fields => [["Cache-Control", value]];
export const fresh = control("max-age=3600");

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
