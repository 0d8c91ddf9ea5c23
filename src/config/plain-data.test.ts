import assert from "node:assert/strict";
import { test } from "node:test";
import { findUnplain } from "./plain-data.ts";

const found = (value: unknown): string[] => findUnplain(value).map((problem) => `${problem.path}: ${problem.found}`);

test("text, numbers, truth values, lists and objects are plain", () => {
  const shared = { a: 1 };
  assert.deepEqual(
    found({ a: "", b: [1, null, { c: undefined }], d: shared, e: shared, f: Object.create(null) as unknown }),
    [],
  );
});

test("everything else is named with its place", () => {
  class Port {
    readonly number = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const value = { a: [() => 1], b: new Port(), c: Symbol("x"), d: 1n, e: Promise.resolve(), f: circle, "g h": /x/ };
  assert.deepEqual(found(value), [
    "a[0]: a function",
    "b: an instance of Port",
    "c: a symbol",
    "d: a bigint (1n)",
    "e: a promise: write `await` before it",
    "f.self: a reference to what contains it",
    '["g h"]: an instance of RegExp',
  ]);
  assert.deepEqual(
    found(() => ({})),
    ["default export: a function"],
  );
});
