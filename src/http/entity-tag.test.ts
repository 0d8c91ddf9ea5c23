import assert from "node:assert/strict";
import { test } from "node:test";
import { isEntityTag, matchesStrongly, matchesWeakly } from "./entity-tag.ts";

test("a tag has quotes, and nothing beside them but a W/ in capitals", () => {
  for (const tag of ['"a"', 'W/"a"', '""', '"a,b"']) assert.ok(isEntityTag(tag), tag);
  for (const text of ["a", '"a', 'w/"a"', '"a" ', '"a"b"', 'W/ "a"']) assert.ok(!isEntityTag(text), text);
});

const cases: readonly (readonly [tags: string, etag: string | undefined, weakly: boolean, strongly: boolean])[] = [
  ["*", '"a"', true, true],
  ["*", undefined, true, true],
  ['"a"', '"a"', true, true],
  ['"b", "a"', '"a"', true, true],
  ['"b","a,c"', '"a,c"', true, true],
  ['W/"a"', '"a"', true, false],
  ['"a"', 'W/"a"', true, false],
  ['W/"a"', 'W/"a"', true, false],
  ['"b"', '"a"', false, false],
  ['"a"', undefined, false, false],
  ["a", '"a"', false, false],
];

for (const [tags, etag, weakly, strongly] of cases) {
  test(`${tags} and ${etag}: ${strongly ? "the same" : weakly ? "the same, weakly" : "not the same"}`, () => {
    assert.equal(matchesWeakly(tags, etag), weakly);
    assert.equal(matchesStrongly(tags, etag), strongly);
  });
}
