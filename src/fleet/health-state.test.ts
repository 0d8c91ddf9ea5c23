import assert from "node:assert/strict";
import { test } from "node:test";
import { healthyState, observeHealth } from "./health-state.ts";

const thresholds = { failures: 3, successes: 2 };

/** `+`: the check went well, `-`: it failed. The verdicts after each: `h` or `u`. */
const table: readonly (readonly [checks: string, verdicts: string])[] = [
  ["+++", "hhh"],
  ["--+", "hhh"],
  ["---", "hhu"],
  ["--+--+--", "hhhhhhhh"],
  ["---+", "hhuu"],
  ["---++", "hhuuh"],
  ["---+-+-++", "hhuuuuuuh"],
  ["---++--", "hhuuhhh"],
  ["---++---", "hhuuhhhu"],
];

for (const [checks, verdicts] of table) {
  test(`${checks} → ${verdicts}`, () => {
    let state = healthyState;
    const found = Array.from(checks, (check) => {
      state = observeHealth(state, check === "+", thresholds);
      return state.healthy ? "h" : "u";
    });
    assert.equal(found.join(""), verdicts);
  });
}
