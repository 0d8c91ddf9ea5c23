import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import type { LoadWindow } from "./load-window.ts";
import { listen, noSilence } from "./silence.ts";

function growth(windows: readonly Partial<LoadWindow>[], usualPerMs: number | undefined): number {
  let silence = noSilence;
  let times = 1;
  for (const happened of windows) {
    const heard = listen(silence, windowOf({ isContended: true, ...happened }), usualPerMs);
    silence = heard;
    times *= heard.times;
  }
  return times;
}
const silent = (windows: number): Partial<LoadWindow>[] => Array.from({ length: windows }, () => ({}));

test("as long as nothing was ever answered, there is room for those who come", () => {
  assert.equal(growth(silent(3), undefined), 64);
  assert.ok(growth(silent(100), undefined) <= 256);
});

test("when nothing ends any more, room is made after a while, some times", () => {
  assert.equal(growth(silent(1), 0.05), 1);
  assert.equal(growth(silent(2), 0.05), 4);
  assert.equal(growth(silent(100), 0.05), 4 ** 2);
});

test("of a service that answers rarely, a pause says nothing", () => {
  assert.equal(growth(silent(10), 0.005), 1);
});

test("none is made where somebody has given up, nor while nobody waits", () => {
  assert.equal(growth([{ abandoned: 1, abandonedMs: 1_000 }, ...silent(20)], 0.1), 1);
  assert.equal(
    growth(
      silent(20).map(() => ({ isContended: false })),
      0.1,
    ),
    1,
  );
});
