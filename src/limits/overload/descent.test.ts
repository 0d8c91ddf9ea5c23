import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import { beginCut, beginDescent, type Descent, type Finding, goOnDescending } from "./descent.ts";
import { addWindow, emptySample, latencyOf } from "./load-sample.ts";
import type { LoadWindow } from "./load-window.ts";

/** What a service does in 100 ms with so many places, all of which are taken. */
type Service = (limit: number) => { readonly answers: number; readonly ms: number };

/** So many places do work, each answer takes so long; what is more waits. */
const pool =
  (size: number, ms: number): Service =>
  (limit) => ({ answers: (Math.min(limit, size) * 100) / ms, ms: ms * Math.max(1, limit / size) });

function windowFor(service: Service, limit: number, now: number): LoadWindow {
  const { answers, ms } = service(limit);
  return windowOf({ now, answers, answeredMs: answers * ms, maxInFlight: limit, isContended: true });
}

interface Seen extends Finding {
  readonly lastedMs: number;
  readonly floorMs: number | undefined;
}

function descend(service: Service, from: number, minimum = 1): Seen {
  let descent: Descent | Finding = beginDescent(from, false);
  let now = 0;
  while ("phase" in descent) {
    now += 100;
    assert.ok(now < 60_000, "it ends");
    descent = goOnDescending(descent, windowFor(service, descent.limit, now), minimum);
  }
  return { ...descent, lastedMs: now, floorMs: latencyOf(descent.unqueued) };
}

test("a queue is found, and how long an answer takes without", () => {
  const { verdict, floorMs, limit, lastedMs } = descend(pool(10, 20), 64);
  assert.equal(verdict, "queue");
  assert.equal(floorMs, 20);
  assert.ok(limit >= 16 && limit < 40, `${limit}`);
  assert.ok(lastedMs < 3_000, `${lastedMs}`);
});

test("where all places do work, there is no queue, and more are given", () => {
  const { verdict, floorMs, limit } = descend(pool(1_000, 50), 64);
  assert.deepEqual({ verdict, floorMs }, { verdict: "needed", floorMs: 50 });
  assert.ok(limit > 96 && limit <= 128, `${limit}`);
});

test("a service with one thread is brought down to one place", () => {
  const { verdict, floorMs, limit } = descend(pool(1, 5), 64);
  assert.deepEqual({ verdict, floorMs }, { verdict: "queue", floorMs: 5 });
  assert.ok(limit < 10, `${limit}`);
});

test("it goes no lower than the least", () => {
  assert.ok(descend(pool(1, 5), 64, 8).limit >= 8);
});

const longPolls = (limit: number): LoadWindow =>
  windowOf({
    answers: limit === 100 ? 40 : 1,
    answeredMs: limit === 100 ? 200 : 5,
    maxInFlight: 100,
    isContended: true,
  });

test("when those inside do not leave as a queue would, it is over soon", () => {
  let descent: Descent | Finding = beginDescent(100, false);
  let now = 0;
  while ("phase" in descent) descent = goOnDescending(descent, { ...longPolls(descent.limit), now: (now += 100) }, 1);
  assert.equal(descent.verdict, "needed");
  assert.ok(descent.limit >= 100);
  assert.ok(now <= 1_200, `${now}`);
});

test("a cut is taken back when what is too much does not leave", () => {
  const sample = [1, 2, 3].reduce((all) => addWindow(all, longPolls(100)), emptySample);
  const steps = (window: (now: number) => LoadWindow): Descent | Finding => {
    let descent: Descent | Finding = beginCut(100, 50, { sample, now: 0 });
    for (let now = 100; "phase" in descent && now < 2_000; now += 100)
      descent = goOnDescending(descent, window(now), 1);
    return descent;
  };
  const kept = steps((now) => ({ ...longPolls(50), now }));
  assert.ok(!("phase" in kept) && kept.limit >= 100, "taken back");
  const drained = steps((now) => windowOf({ now, answers: 40, answeredMs: 200, maxInFlight: 50, isContended: true }));
  assert.ok(!("phase" in drained) && drained.limit === 50 && drained.verdict === "queue", "kept");
});
