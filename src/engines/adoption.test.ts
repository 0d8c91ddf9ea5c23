import assert from "node:assert/strict";
import { test } from "node:test";
import { type Decision, decideAdoption, type Found } from "./adoption.ts";

const identity = { pid: 7, startedAt: "then" };
const rows: readonly [string, Found, Decision][] = [
  ["nothing runs", { kind: "none" }, { action: "start" }],
  ["ours, as wanted", { kind: "own", identity, settings: "a", isReady: true }, { action: "adopt", identity }],
  ["ours, still starting", { kind: "own", identity, settings: "a", isReady: false }, { action: "replace", identity }],
  ["ours, other settings", { kind: "own", identity, settings: "b", isReady: true }, { action: "replace", identity }],
  ["ours, settings forgotten", { kind: "own", identity, isReady: true }, { action: "replace", identity }],
  ["someone else's", { kind: "other", pid: 9 }, { action: "refuse", pid: 9 }],
];

for (const [name, found, decision] of rows) {
  test(`a directory where ${name}: ${decision.action}`, () => {
    assert.deepEqual(decideAdoption(found, "a"), decision);
  });
}
