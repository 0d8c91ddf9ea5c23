import assert from "node:assert/strict";
import { test } from "node:test";
import { shareOut } from "./share-out.ts";

const among = (places: number, ...wanted: readonly number[]): number[] =>
  shareOut(
    places,
    wanted.map((each) => ({ wanted: each })),
  );

test("all who lack places have the same", () => {
  assert.deepEqual(among(12, Infinity, Infinity, Infinity), [4, 4, 4]);
});

test("who wants less than his part has what he wants, and the others have the rest", () => {
  assert.deepEqual(among(20, 2, Infinity, Infinity), [2, 9, 9]);
  assert.deepEqual(among(20, 2, 6, Infinity), [2, 6, 12]);
});

test("what nobody wants is spread", () => {
  assert.deepEqual(among(20, 2, 6), [8, 12]);
});

test("nobody is left with nothing, and none has clearly less than another who lacks as much", () => {
  assert.deepEqual(among(1, Infinity, Infinity, Infinity), [1, 1, 1]);
  assert.deepEqual(among(3, Infinity, Infinity), [2, 2]);
  assert.deepEqual(among(10, 0, Infinity), [1, 10]);
});

test("of none there are none", () => {
  assert.deepEqual(among(5), []);
});
