import assert from "node:assert/strict";
import { test } from "node:test";
import { httpDate, parseHttpDate } from "./http-date.ts";

const now = Date.UTC(2026, 10, 21);
const example = Date.UTC(1994, 10, 6, 8, 49, 37);

for (const text of [
  "Sun, 06 Nov 1994 08:49:37 GMT",
  "Sunday, 06-Nov-94 08:49:37 GMT",
  "Sun Nov  6 08:49:37 1994",
  "sun, 06 nov 1994 08:49:37 gmt",
]) {
  test(`${text} is a date`, () => assert.equal(parseHttpDate(text, now), example));
}

test("a year in two digits is at most 50 years ahead", () => {
  assert.equal(parseHttpDate("Sunday, 06-Nov-76 08:49:37 GMT", now), Date.UTC(2076, 10, 6, 8, 49, 37));
  assert.equal(parseHttpDate("Sunday, 06-Nov-77 08:49:37 GMT", now), Date.UTC(1977, 10, 6, 8, 49, 37));
});

test("a leap second is a second", () => {
  assert.equal(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", now), Date.UTC(2017, 0, 1));
});

test("a date in the first century is not moved to another", () => {
  assert.equal(new Date(parseHttpDate("Sun, 06 Nov 0094 08:49:37 GMT", now)!).getUTCFullYear(), 94);
});

test("what is sent can be read", () => assert.equal(parseHttpDate(httpDate(now)), now));

for (const text of [
  "",
  "0",
  "-1",
  "Sun, 6 Nov 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 8:49:37 GMT",
  "Sun, 06 Nov 1994 08:49:37 UTC",
  "Sun, 06 Nov 1994 08:49:37 +0000",
  "Sun, 06 Nov 1994 08:49:37",
  "Sun, 06 Nov 94 08:49:37 GMT",
  "Sun, 06-Nov-1994 08:49:37 GMT",
  "Sun, 31 Feb 2027 08:49:37 GMT",
  "Sun, 00 Nov 1994 08:49:37 GMT",
  "Sun, 06 Foo 1994 08:49:37 GMT",
  "Sun, 06 Nov 1994 24:00:00 GMT",
  "Sun, 06 Nov 1994 08:60:00 GMT",
  "06 Nov 1994 08:49:37 GMT",
  "1994-11-06T08:49:37Z",
  "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
]) {
  test(`${JSON.stringify(text)} is none`, () => assert.equal(parseHttpDate(text, now), undefined));
}
