import assert from "node:assert/strict";
import { test } from "node:test";
import { readDeadlineMs } from "./request-deadline.ts";

for (const [value, ms] of [
  ["250", 250],
  ["0", 0],
  ["250ms", 250],
  ["2s", 2_000],
  ["1.5s", 1_500],
  ["", undefined],
  ["-1", undefined],
  ["soon", undefined],
  ["1e3", undefined],
  ["99999999999", undefined],
  [undefined, undefined],
] as const) {
  test(`a deadline of ${JSON.stringify(value)} is ${ms} ms`, () => assert.equal(readDeadlineMs(value), ms));
}
