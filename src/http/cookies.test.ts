import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { findCookie } from "./cookies.ts";

test("one cookie is found among others, as the specification takes them apart", () => {
  const table: [string, string | undefined][] = [
    ["sid=1", "1"],
    ["a=2; sid=1; b=3", "1"],
    ["a=2;sid=1;b=3", "1"],
    ["a=2; sid = 1 ; b=3", "1"],
    ["\tsid\t=\t1\t", "1"],
    ["sid=1; sid=2", "1"],
    ["sid=", ""],
    ["sid=;a=1", ""],
    ["sid= ; a=1", ""],
    ['sid="1 2"', "1 2"],
    ['sid=""', ""],
    ['sid="', '"'],
    ['sid="1', '"1'],
    ['sid="a;b"', '"a'],
    ["sid=a=b==", "a=b=="],
    ["sid=%20", "%20"],
    ["", undefined],
    ["sid", undefined],
    ["sid; a=1", undefined],
    ["SID=1", undefined],
    ["xsid=1", undefined],
    ["sidx=1", undefined],
    ["a=sid=1", undefined],
    ["a= sid=1", undefined],
    ["a=b sid=1", undefined],
    ["xsid=2; sidx=3; sid=1", "1"],
    ["sid; sid=1", "1"],
  ];
  for (const [header, expected] of table) assert.equal(findCookie(header, "sid"), expected, JSON.stringify(header));
});

test("finds what taking all of them apart finds", () => {
  const soup = fc.string({ unit: fc.constantFrom("a", "b", "=", ";", " ", "\t", '"'), maxLength: 30 });
  const name = fc.constantFrom("a", "b", "ab", "aa");
  fc.assert(
    fc.property(soup, name, (header, name) => assert.equal(findCookie(header, name), splitAndFind(header, name))),
    { numRuns: 2_000 },
  );
});

function splitAndFind(header: string, name: string): string | undefined {
  for (const pair of header.split(";")) {
    const equals = pair.indexOf("=");
    if (equals === -1 || pair.slice(0, equals).trim() !== name) continue;
    const value = pair.slice(equals + 1).trim();
    return /^".*"$/.test(value) ? value.slice(1, -1) : value;
  }
  return undefined;
}
