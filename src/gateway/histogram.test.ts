import assert from "node:assert/strict";
import { test } from "node:test";
import { StatusCounts } from "./figures.ts";
import { durationBoundsMs, DurationHistogram } from "./histogram.ts";

test("a duration belongs to the first bucket whose bound it does not exceed", () => {
  const histogram = new DurationHistogram();
  for (const ms of [0, 1, 1.1, 2.5, 60_000, 60_001, 1e9]) histogram.observe(ms);
  const { counts, count, sumMs } = histogram.figures();
  assert.equal(counts.length, durationBoundsMs.length + 1);
  assert.deepEqual([counts[0], counts[1], counts.at(-2), counts.at(-1)], [2, 2, 1, 2]);
  assert.deepEqual([count, sumMs], [7, 0 + 1 + 1.1 + 2.5 + 60_000 + 60_001 + 1e9]);
});

test("only statuses that were given are named", () => {
  const statuses = new StatusCounts();
  for (const status of [200, 499, 200]) statuses.count(status);
  assert.deepEqual(statuses.figures(), { 200: 2, 499: 1 });
});
