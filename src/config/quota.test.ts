import assert from "node:assert/strict";
import { test } from "node:test";
import { parseRate } from "./limit-text.ts";
import { formatRate, quotaInstead } from "./quota.ts";
import type { Quota } from "./resolved-limits.ts";

test("a rate is written as it was read", () => {
  for (const text of ["100/minute", "5000/10m", "1/day", "20/second burst 40"]) {
    assert.equal(formatRate(parseRate(text) as Quota), text);
  }
  assert.equal(formatRate("unlimited"), "unlimited");
});

test("a sliding window takes no burst, also for some time", () => {
  const own = parseRate("100/minute") as Quota;
  assert.deepEqual(quotaInstead("7/second", own), { algorithm: "sliding-window", count: 7, windowMs: 1_000, burst: 7 });
  assert.match((quotaInstead("7/second burst 9", own) as { hint: string }).hint, /write "7\/second"/);
  assert.match((quotaInstead("7 per second", own) as { hint: string }).hint, /"7\/second"/);
});

test("a burst is at least one", () => {
  const own = parseRate("100/second burst 2") as Quota;
  assert.deepEqual(quotaInstead("1/minute", own), { algorithm: "gcra", count: 1, windowMs: 60_000, burst: 1 });
});
