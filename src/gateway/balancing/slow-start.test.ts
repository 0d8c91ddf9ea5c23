import assert from "node:assert/strict";
import { test } from "node:test";
import { warmthAt } from "./slow-start.ts";

test("a new upstream's share grows from a tenth to all of it within ten seconds", () => {
  const table: [number, number][] = [
    [-1_000, 0.1],
    [0, 0.1],
    [500, 0.1],
    [2_000, 0.2],
    [5_000, 0.5],
    [9_999, 0.9999],
    [10_000, 1],
    [1e12, 1],
  ];
  for (const [ageMs, expected] of table) assert.equal(warmthAt(1_000, 1_000 + ageMs), expected, `${ageMs} ms`);
});

test("aggression makes the beginning steeper", () => {
  const warmth = warmthAt(0, 2_500, { windowMs: 10_000, minimum: 0.1, aggression: 2 });
  assert.equal(warmth, 0.5);
});

test("without a window everyone is warm", () => {
  assert.equal(warmthAt(0, 0, { windowMs: 0, minimum: 0.1, aggression: 1 }), 1);
});
