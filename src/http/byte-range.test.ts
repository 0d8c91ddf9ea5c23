import assert from "node:assert/strict";
import { test } from "node:test";
import { readByteRanges } from "./byte-range.ts";

const length = 100;

const cases: readonly (readonly [value: string, ranges: readonly (readonly [number, number])[] | undefined])[] = [
  ["bytes=0-9", [[0, 9]]],
  ["Bytes=0-9", [[0, 9]]],
  ["bytes=90-", [[90, 99]]],
  ["bytes=-10", [[90, 99]]],
  ["bytes=-1000", [[0, 99]]],
  ["bytes=50-1000", [[50, 99]]],
  ["bytes=0-0", [[0, 0]]],
  [`bytes=50-${"9".repeat(30)}`, [[50, 99]]],
  [`bytes=-${"9".repeat(400)}`, [[0, 99]]],
  [`bytes=${"9".repeat(400)}-`, []],
  ["bytes=0-", [[0, 99]]],
  [
    "bytes= 5-6 , 1-2,",
    [
      [5, 6],
      [1, 2],
    ],
  ],
  ["bytes=0-1,200-300", [[0, 1]]],
  ["bytes=100-", []],
  ["bytes=100-200", []],
  ["bytes=-0", []],
  ["bytes=200-,300-", []],
  ["bytes=9-5", undefined],
  ["bytes=0-1,9-5", undefined],
  ["bytes=", undefined],
  ["bytes=,", undefined],
  ["bytes=-", undefined],
  ["bytes=a-b", undefined],
  ["bytes=+1-2", undefined],
  ["bytes=1 - 2", undefined],
  ["bytes=0-1=", undefined],
  ["bytes", undefined],
  ["lines=0-1", undefined],
  ["bytes=0-5,5-9", undefined],
  ["bytes=0-,0-,0-", undefined],
  ["bytes=0-0,2-2,4-4,6-6,8-8,10-10,12-12,14-14,16-16", undefined],
];

for (const [value, ranges] of cases) {
  test(`${value} of ${length}: ${ranges === undefined ? "ignored" : JSON.stringify(ranges)}`, () => {
    assert.deepEqual(
      readByteRanges(value, length),
      ranges?.map(([first, last]) => ({ first, last })),
    );
  });
}

test("of nothing, nothing can be had", () => {
  assert.deepEqual(readByteRanges("bytes=0-", 0), []);
  assert.deepEqual(readByteRanges("bytes=-5", 0), []);
});
