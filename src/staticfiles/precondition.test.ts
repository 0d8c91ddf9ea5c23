import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeConditions, judgeRange } from "./precondition.ts";

const lastModified = Date.UTC(2024, 4, 1, 12);
const same = new Date(lastModified).toUTCString();
const earlier = new Date(lastModified - 1_000).toUTCString();
const later = new Date(lastModified + 1_000).toUTCString();
const file = { etag: '"a"', lastModified };

const conditions: readonly (readonly [raw: readonly string[], judgement: string])[] = [
  [[], "proceed"],
  [["If-None-Match", '"a"'], "not-modified"],
  [["If-None-Match", 'W/"a"'], "not-modified"],
  [["If-None-Match", '"b", "a"'], "not-modified"],
  [["If-None-Match", '"b"', "If-None-Match", '"a"'], "not-modified"],
  [["If-None-Match", "*"], "not-modified"],
  [["If-None-Match", '"b"'], "proceed"],
  [["If-None-Match", '"b"', "If-Modified-Since", later], "proceed"],
  [["If-Modified-Since", same], "not-modified"],
  [["If-Modified-Since", later], "not-modified"],
  [["If-Modified-Since", earlier], "proceed"],
  [["If-Modified-Since", "yesterday"], "proceed"],
  [["If-Match", '"a"'], "proceed"],
  [["If-Match", "*"], "proceed"],
  [["If-Match", 'W/"a"'], "failed"],
  [["If-Match", '"b"'], "failed"],
  [["If-Match", '"a"', "If-Unmodified-Since", earlier], "proceed"],
  [["If-Unmodified-Since", earlier], "failed"],
  [["If-Unmodified-Since", same], "proceed"],
  [["If-Unmodified-Since", "yesterday"], "proceed"],
  [["If-Match", '"b"', "If-None-Match", '"a"'], "failed"],
  [["If-Match", '"a"', "If-None-Match", '"a"'], "not-modified"],
];

for (const [raw, judgement] of conditions) {
  test(`${raw.join(" ") || "no condition"}: ${judgement}`, () => assert.equal(judgeConditions(raw, file), judgement));
}

test("what has no validators has changed for everybody", () => {
  const none = { etag: undefined, lastModified: undefined };
  assert.equal(judgeConditions(["If-None-Match", '"a"', "If-Modified-Since", later], none), "proceed");
  assert.equal(judgeConditions(["If-Match", '"a"'], none), "failed");
  assert.equal(judgeConditions(["If-Unmodified-Since", earlier], none), "proceed");
  assert.equal(judgeConditions(["If-None-Match", "*"], none), "not-modified");
});

const part = [{ first: 0, last: 3 }];
const ranges: readonly (readonly [raw: readonly string[], isCoded: boolean, ranges: unknown])[] = [
  [[], false, undefined],
  [["Range", "bytes=0-3"], false, part],
  [["Range", "bytes=0-3", "If-Range", '"a"'], false, part],
  [["Range", "bytes=0-3", "If-Range", '"a"'], true, part],
  [["Range", "bytes=0-3", "If-Range", '"b"'], false, undefined],
  [["Range", "bytes=0-3", "If-Range", 'W/"a"'], false, undefined],
  [["Range", "bytes=0-3", "If-Range", same], false, part],
  [["Range", "bytes=0-3", "If-Range", same], true, undefined],
  [["Range", "bytes=0-3", "If-Range", later], false, undefined],
  [["Range", "bytes=0-3", "If-Range", "nonsense"], false, undefined],
  [["Range", "bytes=20-"], false, []],
  [["Range", "bytes=3-0"], false, undefined],
];

for (const [raw, isCoded, expected] of ranges) {
  test(`${raw.join(" ") || "no range"}${isCoded ? ", of a coding" : ""}: ${JSON.stringify(expected) ?? "all"}`, () => {
    assert.deepEqual(judgeRange(raw, { ...file, length: 10, isCoded }), expected);
  });
}
