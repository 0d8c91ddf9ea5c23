import assert from "node:assert/strict";
import { test } from "node:test";
import { StatementStats } from "./statement-stats.ts";

const cost = (ms: number) => ({ ms, waitedMs: 1, rows: 2, isFailure: false, wasOnStandby: true });

test("what statements cost is added up, the dearest first", () => {
  const stats = new StatementStats();
  stats.add("a", cost(3));
  stats.add("a", { ...cost(5), isFailure: true, rows: 0, wasOnStandby: false });
  stats.add("b", cost(7));
  stats.repeated("b", 12);
  stats.repeated("b", 4);
  const a = {
    text: "a",
    calls: 2,
    failures: 1,
    rows: 2,
    totalMs: 8,
    longestMs: 5,
    waitedMs: 2,
    onStandby: 1,
    mostInSession: 0,
  };
  const b = {
    text: "b",
    calls: 1,
    failures: 0,
    rows: 2,
    totalMs: 7,
    longestMs: 7,
    waitedMs: 1,
    onStandby: 1,
    mostInSession: 12,
  };
  assert.deepEqual(stats.top(10), [a, b]);
  assert.deepEqual(stats.top(1), [a]);
});

test("texts without end do not fill the memory, and do not push out what costs", () => {
  const stats = new StatementStats();
  stats.add("dear", cost(1_000));
  for (let i = 0; i < 100_000; i++) stats.add(`select ${i}`, cost(1));
  assert.ok(stats.count <= 2_000);
  assert.equal(stats.top(1)[0]!.text, "dear");
});
