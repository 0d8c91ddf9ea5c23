import assert from "node:assert/strict";
import { test } from "node:test";
import { type LatencyFloor, learnFloor, lowerFloor, unknownFloor } from "./latency-floor.ts";
import type { KindWindow } from "./load-window.ts";

const none: KindWindow = {
  kind: 0,
  answers: 0,
  answeredMs: 0,
  quietAnswers: 0,
  quietMs: 0,
  abandoned: 0,
  abandonedMs: 0,
};
const alone = { isContended: false, isSettled: false };
const loaded = { isContended: true, isSettled: true };
const learn = (...heard: readonly Partial<KindWindow>[]): LatencyFloor =>
  heard.reduce((floor, each) => learnFloor(floor, { ...none, ...each }, alone), unknownFloor);

test("the least that is seen is a guess, until quiet answers say it", () => {
  const busy = { answers: 40, answeredMs: 4_000 };
  assert.deepEqual(pick(learn(busy)), { ms: 100, source: "guessed" });
  assert.deepEqual(pick(learn(busy, { answers: 40, answeredMs: 2_000 }, busy)), { ms: 50, source: "guessed" });
  assert.deepEqual(pick(learn(busy, { quietAnswers: 60, quietMs: 720 })), { ms: 12, source: "quiet" });
});

test("a few answers are none", () => {
  assert.equal(learn({ quietAnswers: 3, quietMs: 1 }).source, "guessed");
  assert.equal(learn({ answers: 3, answeredMs: 30 }).ms, Infinity);
  assert.equal(learn(...Array.from({ length: 10 }, () => ({ answers: 3, answeredMs: 30 }))).ms, 10);
});

test("a guess rises while the service keeps up, as the first answers of many are the quick ones", () => {
  const slow = { ...none, answers: 40, answeredMs: 40_000 };
  const first = learn({ answers: 40, answeredMs: 400 });
  assert.equal(learnFloor(first, slow, loaded).ms, 10);
  assert.equal(learnFloor(first, slow, { isContended: false, isSettled: false }).ms, 10);
  assert.equal(learnFloor(first, slow, { isContended: false, isSettled: true }).ms, 1_000);
});

test("quiet answers follow what changes, but not up while others wait", () => {
  const quick = { quietAnswers: 200, quietMs: 1_000 };
  const slow = { quietAnswers: 200, quietMs: 4_000 };
  assert.ok(learn(quick, slow, slow, slow).ms > 15);
  assert.equal(learnFloor(learn(quick), { ...none, ...slow }, loaded).ms, 5);
});

test("a lasting mean below it lowers it", () => {
  const floor = learn({ quietAnswers: 100, quietMs: 5_000 });
  const lasting = (ms: number) => lowerFloor(floor, { ...none, answers: 400, answeredMs: 400 * ms }).ms;
  assert.equal(lasting(20), 20);
  assert.equal(lasting(80), 50);
  assert.equal(lowerFloor(floor, { ...none, answers: 100, answeredMs: 2_000 }).ms, 50, "a hundred are not lasting");
});

function pick(floor: LatencyFloor): Partial<LatencyFloor> {
  return { ms: floor.ms, source: floor.source };
}
