import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import type { LoadWindow } from "./load-sample.ts";
import { goOnStarting, type Start, starting } from "./start.ts";

/** @returns the places after each window */
function begin(places: number, window: (places: number) => Partial<LoadWindow>, windows: number): number[] {
  let start: Start | undefined = starting;
  const seen: number[] = [];
  for (let i = 0; i < windows && start !== undefined; i++) {
    const happened = windowOf({ isContended: true, maxInFlight: places, ...window(places) });
    const step = goOnStarting(start, happened);
    start = step.start;
    seen.push((places *= step.times));
  }
  return seen;
}

test("as long as nothing was ever answered, there is room for those who come, up to a bound", () => {
  assert.deepEqual(
    begin(16, () => ({}), 4),
    [16, 64, 256, 1_024],
  );
  assert.equal(begin(16, () => ({}), 100).at(-1), 16 * 4 ** 5);
});

test("where more places bring more answers, there are more", () => {
  const parallel = (places: number) => ({ answers: places * 2, answeredMs: places * 100 });
  assert.deepEqual(begin(16, parallel, 4), [16, 64, 256, 1_024]);
});

test("where they bring none, it is a queue, and there are as many as before", () => {
  const single = (places: number) => ({ answers: 20, answeredMs: 20 * Math.min(90, places * 5) });
  assert.deepEqual(begin(16, single, 10), [16, 64, 16]);
});

test("while there is room for all nothing changes, and after a while it is over", () => {
  const roomy = { isContended: false, answers: 10, answeredMs: 50 };
  assert.deepEqual(new Set(begin(16, () => roomy, 100)), new Set([16]));
  assert.equal(begin(16, (places) => (places > 16 ? roomy : {}), 100).length, 12);
});

test("who is given up ends it", () => {
  assert.deepEqual(
    begin(16, () => ({ abandoned: 1, abandonedMs: 1_000 }), 5),
    [16],
  );
});
