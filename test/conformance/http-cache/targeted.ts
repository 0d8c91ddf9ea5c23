import { type CacheCase, control, dateIn, type Fields, fresh, notReused, reused } from "./cache-case.ts";

/** Fields that speak to caches like this one alone (RFC 9213). */
const cdn = (value: string): Fields => [["CDN-Cache-Control", value]];
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
    "9213 §2.2",
    { fields: cdn("max-age=60") },
    { expected: { fields: { "cdn-cache-control": "max-age=60" } } },
  ),
  reused(
    "that of Tenfold is for nobody else",
    "9213 §2.2",
    { fields: own("max-age=60") },
    { expected: { fields: { "tenfold-cdn-cache-control": undefined } } },
  ),
];
