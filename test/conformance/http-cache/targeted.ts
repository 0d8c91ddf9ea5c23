import { type CacheCase, control, dateIn, type Fields, fresh, notReused, reused, validated } from "./cache-case.ts";

/** Fields that speak to caches like this one alone (RFC 9213). */
const cdn = (value: string): Fields => [["CDN-Cache-Control", value]];
const etag = ["ETag", '"a"'] as const;
const own = (value: string): Fields => [["Tenfold-CDN-Cache-Control", value]];

export const targeted: readonly CacheCase[] = [
  reused("a lifetime of its own", "9213 §2", { fields: cdn("max-age=60") }),
  reused(
    "before a shorter one",
    "9213 §2.2",
    { fields: [...cdn("max-age=60"), ...control("max-age=1")] },
    { after: 5 },
  ),
  notReused("before a longer one", "9213 §2.2", { fields: [...cdn("max-age=1"), ...fresh] }, { after: 5 }),
  reused("before no-store", "9213 §2.2", { fields: [...cdn("max-age=60"), ...control("no-store")] }),
  reused("before private", "9213 §2.2", { fields: [...cdn("max-age=60"), ...control("private")] }),
  notReused("its no-store before a lifetime", "9213 §2.2", { fields: [...cdn("no-store"), ...fresh] }),
  notReused("its private before a lifetime", "9213 §2.2", { fields: [...cdn("private"), ...fresh] }),
  notReused("Expires does not count beside it", "9213 §2.2", {
    fields: [...cdn("public"), ["Expires", dateIn(3_600)]],
  }),
  notReused("nor max-age", "9213 §2.2", { fields: [...cdn("public"), ...fresh] }),
  reused("the more specific first", "9213 §2.2", { fields: [...own("max-age=60"), ...cdn("max-age=1")] }, { after: 5 }),
  notReused(
    "the more specific first, where it is shorter",
    "9213 §2.2",
    { fields: [...own("max-age=1"), ...cdn("max-age=60")] },
    { after: 5 },
  ),
  reused("the next, where the first is empty", "9213 §2.2", { fields: [...own(""), ...cdn("max-age=60")] }),
  reused("the next, where the first is invalid", "9213 §2.2", {
    fields: [...own("max-age=60, ?"), ...cdn("max-age=60"), ...control("no-store")],
  }),
  notReused("Cache-Control, where none is valid", "9213 §2.2", {
    fields: [...cdn("max-age=60,"), ...control("no-store")],
  }),
  reused("Cache-Control, where it is empty", "9213 §2.2", { fields: [...cdn(""), ...fresh] }),
  ...["Max-Age=60", "max-age=60;", "max-age=60, =", "max-age =60", '"max-age"=60', "max-age=60 no-store"].map((value) =>
    notReused(`${value} is no dictionary`, "9651 §4.2", { fields: [...cdn(value), ...control("no-store")] }),
  ),
  reused("with a parameter", "9213 §2.1", { fields: cdn("max-age=60;x=y") }),
  reused("in two lines", "9651 §4.2", { fields: [...cdn("public"), ...cdn("max-age=60")] }),
  notReused("the last of two equal keys", "9651 §3.2", { fields: cdn("max-age=60, max-age=0") }),
  notReused("a lifetime that is no integer", "9213 §2.1", { fields: cdn("max-age=a") }),
  notReused("a number in quotes", "9213 §2.1", { fields: cdn('max-age="60"') }),
  notReused("a lifetime that is a fraction", "9213 §2.1", { fields: cdn("max-age=60.5") }),
  notReused("a lifetime that is below nothing", "9213 §2.1", { fields: cdn("max-age=-60") }),
  notReused("a lifetime that is none", "9213 §2.1", { fields: cdn("max-age") }),
  reused("a directive that is said not to be meant", "9651 §3.2", { fields: cdn("max-age=60, x=?0") }),
  notReused("no-store behind a lifetime", "9213 §2.2", { fields: cdn("max-age=60, no-store") }),
  validated("no-cache behind a lifetime", "9213 §2.2", { fields: [...cdn("max-age=60, no-cache"), etag] }),
  validated("no-cache alone", "9213 §2.2", { fields: [...cdn("no-cache"), ...fresh, etag] }),
  reused(
    "fields that are private",
    "9213 §2.1",
    { fields: [...cdn('max-age=60, private="x-user"'), ["X-User", "a"]] },
    { expected: { fields: { "x-user": undefined } } },
  ),
  reused("s-maxage before max-age", "9213 §2.2", { fields: cdn("max-age=1, s-maxage=60") }, { after: 5 }),
  {
    name: "must-revalidate, when its origin fails",
    section: "9213 §2.2",
    steps: [
      {
        origin: { fields: [...cdn("max-age=1, must-revalidate, stale-if-error=60"), ...fresh] },
        expected: { from: "origin" },
      },
      { after: 5, origin: { breaks: "at once" }, expected: { from: "gateway", status: 502 } },
    ],
  },
  {
    name: "how long it may be stale",
    section: "9213 §2.2",
    steps: [
      {
        origin: { fields: [...cdn("max-age=1, stale-if-error=60"), ...control("no-store")] },
        expected: { from: "origin" },
      },
      { after: 5, origin: { breaks: "at once" }, expected: { from: "stand-in", status: 200, bodyOf: 0 } },
    ],
  },
  reused(
    "a word that means nothing is not empty",
    "9213 §3.1",
    {
      fields: [...cdn("none"), ...control("no-store")],
    },
    { set: { ttl: "10s" } },
  ),
  notReused("but gives no time, either", "9213 §3.1", { fields: [...cdn("none"), ...fresh] }),
  reused(
    "what is meant for others is passed on, and means nothing",
    "9213 §2.2",
    { fields: [...fresh, ["Other-Cache-Control", "no-store"], ["Surrogate-Control", "no-store"]] },
    { expected: { fields: { "other-cache-control": "no-store" } } },
  ),
  notReused("nor does it give any time", "9213 §2.2", { fields: [["Other-Cache-Control", "max-age=60"]] }),
  reused(
    "Cache-Control is passed on beside it",
    "9111 §5.2",
    { fields: [...cdn("max-age=60"), ...control("max-age=1")] },
    { after: 5, expected: { fields: { "cache-control": "max-age=1", age: "5" } } },
  ),
  notReused("a lifetime that is a string", "9213 §2.1", { fields: cdn('max-age="x"') }),
  reused("what nobody knows", "9213 §2.1", { fields: cdn("max-age=60, x, y=(a b), z=:YQ==:") }),
  reused(
    "to who has said who they are",
    "9111 §3.5",
    { fields: cdn("max-age=60, public") },
    { asked: { fields: [["Authorization", "a"]] } },
  ),
  notReused(
    "not without that",
    "9111 §3.5",
    { fields: [...cdn("max-age=60"), ...control("public")] },
    { asked: { fields: [["Authorization", "a"]] } },
  ),
  reused(
    "it is passed on, as caches behind may be meant too",
    "9213 §3",
    { fields: cdn("max-age=60") },
    { expected: { fields: { "cdn-cache-control": "max-age=60" } } },
  ),
  reused("that of Tenfold alone", "9213 §2.2", { fields: [...own("max-age=60"), ...control("no-store")] }),
];
