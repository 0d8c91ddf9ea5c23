import type { ResolvedCache } from "../../../../src/config/index.ts";
import type { Field } from "../../../support/wire/message.ts";
import { mark } from "./marker.ts";

/** A way of telling each user something of his own, and of saying so. */
export interface Personalising {
  readonly name: string;
  /** The request fields by which the origin knows users. */
  readonly knownBy: readonly string[];
  /** How a user asks. */
  readonly as: (user: string) => { readonly fields: readonly Field[]; readonly from?: string };
  /** What the origin says of an answer that is for this user. */
  readonly says: (of: string) => readonly Field[];
  readonly rules?: Partial<ResolvedCache>;
  /** `false`: the origin does not know users, and gives each visitor a new name. */
  readonly isKnown?: boolean;
  /** As the origin calls a user, if otherwise than he does himself. */
  readonly called?: (user: string) => string;
}

const control = (value: string): Field => ["Cache-Control", value];
const vary = (value: string): Field => ["Vary", value];
const fresh = control("max-age=60");

/** Fields that say that an answer is for nobody else, whoever it is for. */
const alwaysPrivate: readonly (readonly Field[])[] = [
  [control("private, max-age=60")],
  [control("no-store")],
  [control("no-store, max-age=60, public")],
  [control("private, public, s-maxage=60")],
  [control('private="x", private, max-age=60')],
  [control('private="'), control("max-age=60")],
  [fresh, control("private")],
  [fresh, vary("*")],
  [control("public, max-age=60"), vary("Accept, *")],
  [["CDN-Cache-Control", "private, max-age=60"], control("public, max-age=60")],
  [["CDN-Cache-Control", "no-store"], control("public, max-age=60")],
  [["CDN-Cache-Control", "Broken"], control("private, max-age=60")],
  [
    ["Tenfold-CDN-Cache-Control", "no-store"],
    ["CDN-Cache-Control", "max-age=60"],
  ],
];

/** Users are known by a field of the request; that alone makes the answer theirs when it says these. */
const byField: Readonly<Record<string, readonly (readonly Field[])[]>> = {
  Cookie: [
    [],
    [fresh],
    [control("max-age=60, must-revalidate")],
    [control("max-age=60, stale-while-revalidate=60, stale-if-error=60")],
    [["Expires", "Fri, 20 Nov 2099 12:00:00 GMT"]],
    [fresh, vary("Cookie")],
    [control("public, max-age=60"), vary("Accept-Encoding, Cookie")],
    [control("s-maxage=60"), vary("cookie"), vary("accept")],
    [control("no-cache"), vary("Cookie")],
  ],
  Authorization: [
    [],
    [fresh],
    [control("max-age=60, proxy-revalidate")],
    [control("max-age=60, stale-while-revalidate=60, stale-if-error=60")],
    [["CDN-Cache-Control", "max-age=60"]],
    [["CDN-Cache-Control", "max-age=60"], control("public")],
    [control("public, max-age=60"), vary("Authorization")],
    [control("s-maxage=60"), vary("Accept"), vary("AUTHORIZATION")],
    [control("max-age=60, must-revalidate"), vary("Authorization, Cookie")],
  ],
  "X-User": [
    [fresh, vary("X-User")],
    [control("public, s-maxage=60"), vary("Accept, x-user")],
    [control("max-age=60, stale-while-revalidate=60, stale-if-error=60"), vary("X-User")],
    [["CDN-Cache-Control", "max-age=60"], vary("x-USER")],
  ],
};

const valueFor: Readonly<Record<string, (user: string) => string>> = {
  Cookie: (user) => `seen=1; user=${user}`,
  Authorization: (user) => `Bearer user ${user}`,
  "X-User": (user) => `user ${user}`,
};

/** Two answers of one user have one tag; those of two have two. */
const tag = (of: string): Field => ["ETag", `"${mark(of).replaceAll(" ", "-")}"`];

const text = (fields: readonly Field[]): string =>
  fields.map(([name, value]) => `${name}: ${value}`).join(", ") || "nothing";

function knownBy(field: string, says: readonly Field[], more: Partial<Personalising> = {}): Personalising {
  return {
    name: `${field}, and the answer says ${text(says)}`,
    knownBy: [field.toLowerCase()],
    as: (user) => ({ fields: [[field, valueFor[field]!(user)]] }),
    says: (of) => [...says, tag(of)],
    ...more,
  };
}

/** The config says by what users are told apart, and the answers that they are for all. */
const byKey = (field: string, key: string): Personalising[] =>
  [
    [control("public, max-age=60")],
    [control("s-maxage=60")],
    [["CDN-Cache-Control", "public, max-age=60"] as Field],
  ].map((says) =>
    knownBy(field, says, {
      name: `${field}, which is in the key, and the answer says ${text(says)}`,
      rules: { key: [key] },
    }),
  );

const visitor = (says: readonly Field[], more: Partial<Personalising> = {}): Personalising => ({
  name: `a new visitor, and the answer says ${text(says)} and sets a cookie`,
  knownBy: [],
  as: () => ({ fields: [] }),
  says: (of) => [...says, ["Set-Cookie", `user=${mark(of)}`]],
  isKnown: false,
  ...more,
});

const users = ["anna", "bert", "carl", "dora"];
const address = (user: string): string => `127.0.0.${users.indexOf(user) + 2}`;

export const personalisings: readonly Personalising[] = [
  ...["Cookie", "Authorization", "X-User"].flatMap((field) => [
    ...alwaysPrivate.map((says) => knownBy(field, says)),
    ...byField[field]!.map((says) => knownBy(field, says)),
  ]),
  knownBy("Cookie", [], { name: "Cookie, and the config says for how long", rules: { ttlMs: 60_000 } }),
  knownBy("Authorization", [], { name: "Authorization, and the config says for how long", rules: { ttlMs: 60_000 } }),
  knownBy("Cookie", [["Last-Modified", "Fri, 20 Nov 2020 12:00:00 GMT"]], {
    name: "Cookie, and there are heuristics",
    rules: { heuristicMaxMs: 60_000 },
  }),
  knownBy("Authorization", [fresh], {
    name: "Authorization, and cookies are ignored",
    rules: { ignoresCookies: true },
  }),
  ...byKey("Cookie", "cookie:user"),
  ...byKey("Authorization", "authorization"),
  ...byKey("X-User", "x-user"),
  ...[
    [fresh],
    [control("public, max-age=60")],
    [control("s-maxage=60")],
    [["CDN-Cache-Control", "max-age=60"] as Field],
  ].map((says) => visitor(says)),
  visitor([], { name: "a new visitor, and the config says for how long", rules: { ttlMs: 60_000 } }),
  ...[
    [fresh, vary("X-Forwarded-For")],
    [control("public, max-age=60"), vary("Accept, X-Forwarded-For")],
    [control("private, max-age=60")],
  ].map((says): Personalising => ({
    name: `an address, and the answer says ${text(says)}`,
    knownBy: ["x-forwarded-for"],
    as: (user) => ({ fields: [], from: address(user) }),
    says: () => says,
    called: (user) => `at-${address(user).replaceAll(".", "-")}`,
  })),
];
