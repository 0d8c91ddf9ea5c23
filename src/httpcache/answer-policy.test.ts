import assert from "node:assert/strict";
import { test } from "node:test";
import { type AnswerPolicy, readAnswerPolicy } from "./answer-policy.ts";

const now = Date.UTC(2026, 10, 21, 12);
const date = "Sat, 21 Nov 2026 12:00:00 GMT";
const inAnHour = "Sat, 21 Nov 2026 13:00:00 GMT";

const policy = (...raw: string[]): AnswerPolicy => readAnswerPolicy(raw, now);
const control = (value: string): AnswerPolicy => policy("Cache-Control", value);

test("an answer that says nothing permits nothing, and forbids nothing", () => {
  assert.deepEqual(policy(), {
    isNoStore: false,
    isPrivate: false,
    isPublic: false,
    isForAll: false,
    hasCacheStatus: false,
    mustUnderstand: false,
    mustAlwaysValidate: false,
    isNeverStale: false,
    permitsAuthorization: false,
    lifetimeMs: undefined,
    staleWhileRevalidateMs: 0,
    staleIfErrorMs: 0,
    isImmutable: false,
    isNoTransform: false,
    withheldFields: [],
  } satisfies AnswerPolicy);
});

const lifetimes: readonly (readonly [because: string, raw: readonly string[], seconds: number | undefined])[] = [
  ["max-age", ["Cache-Control", "max-age=5"], 5],
  ["s-maxage before max-age", ["Cache-Control", "max-age=5, s-maxage=7"], 7],
  ["max-age before Expires", ["Cache-Control", "max-age=5", "Expires", inAnHour, "Date", date], 5],
  ["Expires since Date", ["Expires", inAnHour, "Date", "Sat, 21 Nov 2026 11:00:00 GMT"], 7_200],
  ["Expires since it came, without a Date", ["Expires", inAnHour], 3_600],
  ["Expires since it came, with a Date that is none", ["Expires", inAnHour, "Date", "now"], 3_600],
  ["Expires in the past", ["Expires", "Thu, 01 Jan 1970 00:00:00 GMT", "Date", date], 0],
  ["Expires that is no date", ["Expires", "0", "Date", date], 0],
  ["Expires in another zone", ["Expires", "Sat, 21 Nov 2026 13:00:00 EST", "Date", date], 0],
  ["the first of two Expires", ["Expires", "0", "Expires", inAnHour], 0],
  ["max-age that is no number, whatever Expires says", ["Cache-Control", "max-age=a", "Expires", inAnHour], 0],
  ["s-maxage that is no number, whatever max-age says", ["Cache-Control", "s-maxage=1.5, max-age=5"], 0],
  ["max-age in two lines", ["Cache-Control", "public", "Cache-Control", "max-age=5"], 5],
  ["max-age in the field for CDNs", ["CDN-Cache-Control", "max-age=9", "Cache-Control", "max-age=5, s-maxage=7"], 9],
  ["the field for Tenfold before it", ["CDN-Cache-Control", "max-age=9", "Tenfold-CDN-Cache-Control", "max-age=8"], 8],
  [
    "nothing, where the field for CDNs names no time",
    ["CDN-Cache-Control", "public", "Cache-Control", "max-age=5", "Expires", inAnHour],
    undefined,
  ],
  ["Cache-Control, where the field for CDNs is empty", ["CDN-Cache-Control", "", "Cache-Control", "max-age=5"], 5],
  [
    "Cache-Control, where the field for CDNs is invalid",
    ["CDN-Cache-Control", "max-age=9, Public", "Cache-Control", "max-age=5"],
    5,
  ],
  [
    "the next, where the first is invalid",
    ["Tenfold-CDN-Cache-Control", "max-age=(", "CDN-Cache-Control", "max-age=9"],
    9,
  ],
  ["the last of equal keys in the field for CDNs", ["CDN-Cache-Control", "max-age=9, max-age=4"], 4],
  ["max-age with a parameter in the field for CDNs", ["CDN-Cache-Control", "max-age=9;x=1"], 9],
  ["0 where the field for CDNs says no number", ["CDN-Cache-Control", "max-age=a"], 0],
  ["0 where the field for CDNs has it in quotes", ["CDN-Cache-Control", 'max-age="9"'], 0],
];

for (const [because, raw, seconds] of lifetimes) {
  test(`fresh for ${seconds === undefined ? "nobody says how long" : `${seconds} s`}: ${because}`, () => {
    assert.equal(policy(...raw).lifetimeMs, seconds === undefined ? undefined : seconds * 1_000);
  });
}

test("the field for CDNs forbids in the place of Cache-Control", () => {
  const answer = policy("CDN-Cache-Control", "max-age=60, must-revalidate=?0", "Cache-Control", "no-store, private");
  assert.deepEqual([answer.isNoStore, answer.isPrivate, answer.isNeverStale], [false, false, false]);
  assert.ok(policy("CDN-Cache-Control", "no-store", "Cache-Control", "max-age=60").isNoStore);
});

test("who forbids what is stale", () => {
  for (const value of ["must-revalidate", "proxy-revalidate", "no-cache", "s-maxage=5"])
    assert.ok(control(value).isNeverStale, value);
  for (const value of ["max-age=5", "public", 'no-cache="x"', "s-maxage=5, stale-while-revalidate=5"])
    assert.ok(!control(value).isNeverStale, value);
  assert.ok(control("stale-while-revalidate=5, must-revalidate").isNeverStale);
});

test("who may be answered although they have said who they are", () => {
  for (const value of ["public", "must-revalidate", "s-maxage=5"])
    assert.ok(control(value).permitsAuthorization, value);
  for (const value of ["max-age=5", "proxy-revalidate", "no-cache"])
    assert.ok(!control(value).permitsAuthorization, value);
});

test("a qualified no-cache or private withholds fields, and nothing more", () => {
  const answer = control('no-cache="Set-Cookie", private="X-User, X-Mail", max-age=5');
  assert.deepEqual(answer.withheldFields, ["set-cookie", "x-user", "x-mail"]);
  assert.deepEqual([answer.isPrivate, answer.mustAlwaysValidate], [false, false]);
  assert.ok(control('private="x", private').isPrivate);
});
