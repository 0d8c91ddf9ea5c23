import assert from "node:assert/strict";
import { test } from "node:test";
import { isSafe, Pace } from "./sharing.ts";

/** What each look finds, after the latencies observed before it. */
function looks(...windows: readonly (readonly number[])[]): boolean[] {
  const pace = new Pace();
  return windows.map((window) => {
    for (const ms of window) pace.observe(ms);
    pace.look();
    return pace.isEven;
  });
}

const fast = Array.from({ length: 2_000 }, (_, i) => 0.5 + (i % 10) / 10);

test("answers that all take about the same time are an even pace, whatever that time is", () => {
  assert.deepEqual(looks(fast, fast), [true, true]);
  const loaded = fast.map((ms) => ms * 20);
  assert.deepEqual(looks(loaded, loaded), [true, true]);
});

test("nothing is known before the first answer, and nothing new without one", () => {
  assert.deepEqual(looks([], fast, []), [false, true, true]);
});

test("slow handlers among fast ones end it at once, for a second", () => {
  const mixed = [...fast.slice(0, 1_990), ...Array.from({ length: 10 }, () => 40)];
  const found = looks(fast, mixed, ...Array.from({ length: 10 }, () => fast));
  assert.deepEqual(found, [true, ...Array.from({ length: 10 }, () => false), true]);
});

test("one slow answer in thousands does not", () => {
  assert.deepEqual(looks(fast, [...fast, 80]), [true, true]);
});

test("a slow answer where there are few does", () => {
  assert.deepEqual(looks([1, 1, 1], [1, 1, 30]), [true, false]);
});

test("only safe methods share", () => {
  assert.deepEqual(["GET", "HEAD", "OPTIONS", "PUT", "DELETE", "POST"].filter(isSafe), ["GET", "HEAD", "OPTIONS"]);
});
