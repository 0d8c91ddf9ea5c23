import assert from "node:assert/strict";
import { test } from "node:test";
import { initialAgeMs } from "./age.ts";

const receivedAt = Date.UTC(2026, 10, 21, 12);
const at = { requestedAt: receivedAt - 2_000, receivedAt };
const date = "Sat, 21 Nov 2026 11:59:50 GMT";

const cases: readonly (readonly [because: string, raw: readonly string[], seconds: number])[] = [
  ["the request's time, where nothing is said", [], 2],
  ["since its Date", ["Date", date], 10],
  ["what Age says, and the request's time", ["Date", date, "Age", "30"], 32],
  ["since its Date, where Age says less", ["Date", date, "Age", "1"], 10],
  ["a Date in the future counts for nothing", ["Date", "Sat, 21 Nov 2026 13:00:00 GMT"], 2],
  ["a Date that is none counts for nothing", ["Date", "yesterday"], 2],
  ["the first of several Ages", ["Age", "30, 5"], 32],
  ["the first of several Ages, in lines", ["Age", "30", "Age", "5"], 32],
  ["an Age that is no number counts for nothing", ["Age", "abc"], 2],
  ["a negative Age counts for nothing", ["Age", "-7200"], 2],
  ["an Age with a fraction counts for nothing", ["Age", "7200.0"], 2],
  ["an Age beyond all measure is 2^31", ["Age", "99999999999999"], 2 ** 31 + 2],
];

for (const [because, raw, seconds] of cases) {
  test(`${seconds} s old: ${because}`, () => assert.equal(initialAgeMs(raw, at), seconds * 1_000));
}
