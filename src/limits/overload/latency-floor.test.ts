import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import { type LatencyFloor, learnFloor, lowerFloor } from "./latency-floor.ts";
import { addWindow, emptySample, latencyOf, type LoadWindow } from "./load-sample.ts";

const sampleOf = (happened: Partial<LoadWindow>) => addWindow(emptySample, windowOf(happened));
const learn = (...samples: readonly Partial<LoadWindow>[]): LatencyFloor | undefined =>
  samples.reduce<LatencyFloor | undefined>((floor, happened) => learnFloor(floor, sampleOf(happened)), undefined);

test("the least that is seen is a guess, until quiet answers say it", () => {
  const busy = { answers: 40, answeredMs: 4_000 };
  assert.deepEqual(pick(learn(busy)), { ms: 100, source: "guessed" });
  assert.deepEqual(pick(learn(busy, { answers: 40, answeredMs: 2_000 }, busy)), { ms: 50, source: "guessed" });
  assert.deepEqual(pick(learn(busy, { quietAnswers: 60, quietMs: 720 })), { ms: 12, source: "quiet" });
});

test("a few quiet answers are none", () => {
  assert.equal(learn({ quietAnswers: 3, quietMs: 1 })?.source, "guessed");
});

test("quiet answers follow what changes, but not up while others wait", () => {
  const quick = { quietAnswers: 200, quietMs: 1_000 };
  const slow = { quietAnswers: 200, quietMs: 4_000 };
  assert.ok(learn(quick, slow, slow, slow)!.ms > 15);
  assert.equal(learn(quick, { ...slow, isContended: true })!.ms, 5);
});

test("where somebody was given up nothing is learned, and latency is more than answers say", () => {
  const lost = { answers: 40, answeredMs: 400, abandoned: 10, abandonedMs: 10_000 };
  assert.equal(learn(lost), undefined);
  assert.equal(latencyOf(sampleOf(lost)), 260);
  assert.equal(latencyOf(sampleOf({ abandoned: 1, abandonedMs: 1_000 })), Infinity);
  assert.equal(latencyOf(sampleOf({})), undefined);
});

test("a lasting mean below it lowers it", () => {
  const floor = learn({ quietAnswers: 100, quietMs: 5_000 })!;
  assert.equal(lowerFloor(floor, 20).ms, 20);
  assert.equal(lowerFloor(floor, 80).ms, 50);
});

function pick(floor: LatencyFloor | undefined): Partial<LatencyFloor> {
  return { ms: floor!.ms, source: floor!.source };
}
