import fc from "fast-check";
import type { ResolvedCache } from "../../../../src/config/index.ts";
import type { Asking, SaidOfAnswer } from "./permission.ts";

/** What an origin may come to say, who may come to ask, and what may happen in between. */
const directive = fc.constantFrom(
  "max-age=60",
  "max-age=60",
  "max-age=60",
  "max-age=0",
  "s-maxage=60",
  "public",
  "public",
  "private",
  "no-store",
  "no-cache",
  "must-revalidate",
  "proxy-revalidate",
  "stale-while-revalidate=60",
  "stale-if-error=60",
  "immutable",
  'private="x-secret"',
  'no-cache="X-Secret"',
  "x-unknown=1",
);

/** What is mostly said, so that much is stored. */
const usual = fc.constantFrom<readonly string[]>(
  ["max-age=60"],
  ["max-age=60", "public"],
  ["s-maxage=60"],
  ["max-age=1", "public", "stale-while-revalidate=60", "stale-if-error=60"],
  ["no-cache", "public"],
  ["max-age=60", "public", 'private="x-secret"'],
);

const said: fc.Arbitrary<SaidOfAnswer> = fc.record({
  directives: fc.oneof({ weight: 2, arbitrary: usual }, fc.uniqueArray(directive, { maxLength: 4 })),
  targeted: fc.option(
    fc.uniqueArray(
      directive.filter((each) => !each.includes('"')),
      { minLength: 1, maxLength: 3 },
    ),
    {
      nil: undefined,
      freq: 5,
    },
  ),
  vary: fc.oneof(
    fc.constant([]),
    fc.uniqueArray(fc.constantFrom("Cookie", "Authorization", "X-Tenant", "Accept", "x-tenant", "*"), { maxLength: 2 }),
  ),
  setsCookie: fc.boolean(),
  status: fc.constantFrom(200, 200, 200, 404, 500),
});

const maybe = (...values: string[]): fc.Arbitrary<string | undefined> =>
  fc.constantFrom(undefined, undefined, ...values);

const asking: fc.Arbitrary<Asking> = fc.record({
  cookie: maybe("anna", "bert"),
  authorization: maybe("anna", "bert"),
  tenant: maybe("one", "two"),
  method: fc.constantFrom("GET", "GET", "GET", "GET", "HEAD"),
  wantsNothingStored: fc.constantFrom(false, false, false, false, true),
});

export type Event =
  | { readonly kind: "ask"; readonly asking: Asking; readonly extra: "none" | "range" | "condition" | "no-cache" }
  /** The origin answers one of those who wait, whole or in part. */
  | { readonly kind: "answer"; readonly which: number; readonly said: SaidOfAnswer; readonly how: How }
  | { readonly kind: "go on" }
  | { readonly kind: "leave"; readonly which: number }
  | { readonly kind: "time passes"; readonly seconds: number };

export type How = "length" | "chunked" | "close" | "break" | "half";

const answer = fc.record({
  kind: fc.constant("answer" as const),
  which: fc.nat(5),
  said: fc.oneof(said, { arbitrary: said.map((each) => ({ ...each, setsCookie: false })), weight: 3 }),
  how: fc.constantFrom<How>("length", "length", "chunked", "close", "break", "half"),
});

const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant("ask" as const),
      asking,
      extra: fc.constantFrom("none", "none", "none", "none", "range", "condition", "no-cache"),
    }),
  },
  { weight: 4, arbitrary: answer },
  { weight: 1, arbitrary: fc.constant({ kind: "go on" as const }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("leave" as const), which: fc.nat(5) }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("time passes" as const), seconds: fc.constantFrom(1, 30, 61, 200) }),
  },
);

const rules: fc.Arbitrary<Partial<ResolvedCache>> = fc.record({
  ignoresCookies: fc.constantFrom(false, false, false, true),
  key: fc.constantFrom<readonly string[]>([], [], [], ["x-tenant"], ["cookie:user"], ["authorization"]),
  staleWhileRevalidateMs: fc.constantFrom(0, 60_000),
  staleIfErrorMs: fc.constantFrom(0, 60_000),
});

export interface Course {
  readonly events: readonly Event[];
  readonly rules: Partial<ResolvedCache>;
  readonly fastPath: boolean;
  /** What the origin says when all is answered in the end. */
  readonly last: SaidOfAnswer;
}

export const course: fc.Arbitrary<Course> = fc.record({
  events: fc.array(event, { minLength: 4, maxLength: 24 }),
  rules: rules.chain((each) => fc.constantFrom(each, { ...each, ttlMs: 60_000 })),
  fastPath: fc.boolean(),
  last: said,
});
