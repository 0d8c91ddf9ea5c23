import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import { type Crowd, isDispersed, mayBeQueue, noCrowd, planNextLook, watchCrowd } from "./crowd.ts";
import { foundFloor } from "./latency-floor.ts";
import type { LoadWindow } from "./load-sample.ts";

const floor = foundFloor(5);
const crowded = { answers: 20, answeredMs: 10_000, maxInFlight: 100 };

function watch(happened: Partial<LoadWindow>, windows = 40): Crowd {
  return Array.from({ length: windows }, (_, i) => windowOf({ now: i * 100, ...happened })).reduce(
    (crowd, window) => watchCrowd(crowd, window, floor, 1),
    noCrowd,
  );
}
const isSuspicious = (crowd: Crowd, now = 2_000, isShared = false): boolean =>
  mayBeQueue(crowd, windowOf({ now }), isShared);

test("many who are inside for much longer than an answer takes may be a queue, when it lasts", () => {
  assert.ok(isSuspicious(watch(crowded)));
  assert.ok(!isSuspicious(watch(crowded, 20)));
});

test("few, or such as take little longer, are none; nor where others wait outside", () => {
  assert.ok(!isSuspicious(watch({ ...crowded, maxInFlight: 4 })));
  assert.ok(!isSuspicious(watch({ ...crowded, answeredMs: 400 })));
  assert.ok(!isSuspicious(watch({ ...crowded, isContended: true })));
});

test("after a look in vain the next is later each time, after one that found a queue it is not", () => {
  const once = planNextLook(watch(crowded), false, 2_000);
  const twice = planNextLook(once, false, once.notBefore);
  assert.equal(once.notBefore, 32_000);
  assert.equal(twice.notBefore - once.notBefore, 60_000);
  assert.equal(planNextLook(twice, true, twice.notBefore).notBefore, 0);
});

test("processes that share a service look at the same moments", () => {
  assert.ok(isSuspicious(watch(crowded), 2_000, true));
  assert.ok(!isSuspicious(watch(crowded), 2_300, true));
});

test("who leaves as nobody comes any more was no queue", () => {
  assert.ok(isDispersed({ verdict: "queue", latencyShare: 0.2 }));
  assert.ok(!isDispersed({ verdict: "queue", latencyShare: 1 }));
  assert.ok(!isDispersed({ verdict: "needed", latencyShare: 0.5 }));
});
