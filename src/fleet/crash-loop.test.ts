import assert from "node:assert/strict";
import { test } from "node:test";
import { type CrashHistory, type CrashPolicy, type CrashVerdict, judgeCrashes, rememberCrash } from "./crash-loop.ts";

const policy: CrashPolicy = { crashes: 5, withinMs: 60_000, stableMs: 10_000, backoff: { baseMs: 200, maxMs: 500 } };

function judge(crashes: readonly (readonly [at: number, readyMs: number])[]): CrashVerdict[] {
  let history: CrashHistory = [];
  return crashes.map(([at, readyMs]) => {
    history = rememberCrash(history, { at, readyMs }, policy);
    return judgeCrashes(history, policy, () => 1);
  });
}

test("the first crash costs no waiting, the next ones more and more, the fifth is the last", () => {
  const verdicts = judge([0, 100, 200, 300, 400].map((at) => [at, 0]));
  assert.deepEqual(verdicts, [
    { restart: true, waitMs: 0 },
    { restart: true, waitMs: 200 },
    { restart: true, waitMs: 400 },
    { restart: true, waitMs: 500 },
    { restart: false },
  ]);
});

test("who was ready for a while starts with a clean slate", () => {
  const crashes = [0, 100, 200, 300].map((at): [number, number] => [at, 0]);
  assert.deepEqual(judge([...crashes, [10_400, 10_000]]).at(-1), { restart: true, waitMs: 0 });
});

test("being ready for a moment is no excuse", () => {
  assert.deepEqual(judge([0, 5_000, 10_000, 15_000, 20_000].map((at) => [at, 4_000])).at(-1), { restart: false });
});

test("crashes that are far apart are no loop", () => {
  const verdicts = judge([0, 61_000, 122_000, 183_000, 244_000].map((at) => [at, 0]));
  assert.ok(verdicts.every((verdict) => verdict.restart && verdict.waitMs === 0));
});
