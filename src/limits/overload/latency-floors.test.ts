import assert from "node:assert/strict";
import { test } from "node:test";
import { LatencyFloors } from "./latency-floors.ts";
import { addWindow, emptySample, latencyOf, type LoadSample } from "./load-sample.ts";
import type { KindWindow } from "./load-window.ts";
import { windowOf } from "../../../test/support/overload/load-window.ts";

const quick = 1;
const slow = 2;
const unheard = 3;

interface Heard extends Partial<Omit<KindWindow, "kind">> {
  readonly kind: number;
}

function sampleOf(...kinds: readonly Heard[]): LoadSample {
  const none = { answers: 0, answeredMs: 0, quietAnswers: 0, quietMs: 0, abandoned: 0, abandonedMs: 0 };
  const heard = kinds.map((each): KindWindow => ({ ...none, ...each }));
  const sum = (of: "answers" | "answeredMs" | "abandoned" | "abandonedMs"): number =>
    heard.reduce((all, each) => all + each[of], 0);
  const totals = { answers: sum("answers"), answeredMs: sum("answeredMs") };
  const lost = { abandoned: sum("abandoned"), abandonedMs: sum("abandonedMs") };
  return addWindow(emptySample, windowOf({ ...totals, ...lost, kinds: heard }));
}

const quiet = (kind: number, ms: number): Heard => ({
  kind,
  answers: 100,
  answeredMs: 100 * ms,
  quietAnswers: 100,
  quietMs: 100 * ms,
});

function knowing(...known: readonly Heard[]): LatencyFloors {
  const floors = new LatencyFloors();
  floors.learn(sampleOf(...known));
  return floors;
}

test("a crowd at a slow route is expected to take as long as that route does", () => {
  const floors = knowing(quiet(quick, 5), quiet(slow, 500));
  const mix = sampleOf({ kind: quick, answers: 10, answeredMs: 50 }, { kind: slow, answers: 30, answeredMs: 15_000 });
  assert.deepEqual(floors.expected(mix), { ms: latencyOf(mix), source: "quiet" });
});

test("of what was never heard it is not said that it took too long", () => {
  const floors = knowing(quiet(quick, 5));
  const mix = sampleOf(
    { kind: quick, answers: 10, answeredMs: 100 },
    { kind: unheard, answers: 10, answeredMs: 9_000 },
  );
  assert.deepEqual(floors.expected(mix), { ms: (50 + 9_000) / 20, source: "guessed" });
});

test("who gives up sooner than he could be answered says nothing; who gives up later says that it took longer", () => {
  const floors = knowing(quiet(slow, 500));
  const lost = (ms: number) =>
    sampleOf({ kind: slow, answers: 10, answeredMs: 5_000, abandoned: 10, abandonedMs: 10 * ms });
  assert.equal(floors.expected(lost(100)).ms, latencyOf(lost(100)));
  assert.equal(floors.expected(lost(3_000)).ms, (5_000 + 5_000) / 10);
  assert.equal(floors.wereOutlasted(lost(100)), false);
  assert.equal(floors.wereOutlasted(lost(3_000)), true);
});

test("where somebody was given up nothing is learned", () => {
  const floors = knowing({ ...quiet(quick, 5), abandoned: 1, abandonedMs: 1_000 });
  assert.equal(floors.expected(sampleOf({ kind: quick, answers: 10, answeredMs: 1_000 })).ms, 100);
});

test("what an experiment shows stands for those kinds that were in it", () => {
  const floors = knowing(quiet(quick, 5), quiet(slow, 500));
  floors.find(sampleOf({ kind: quick, answers: 1_000, answeredMs: 10_000 }), "found");
  assert.deepEqual(floors.expected(sampleOf({ kind: quick, answers: 1, answeredMs: 50 })), { ms: 10, source: "found" });
  assert.equal(floors.expected(sampleOf({ kind: slow, answers: 1, answeredMs: 5_000 })).ms, 500);
});
