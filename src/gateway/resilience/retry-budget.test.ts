import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { RetryBudget } from "./retry-budget.ts";

const retriesLeft = (budget: RetryBudget, now: number): number => {
  let taken = 0;
  while (taken < 1_000 && budget.tryRetry(now)) taken++;
  return taken;
};

test("a quiet service has three retries in ten seconds", () => {
  const budget = new RetryBudget(0.2);
  assert.equal(retriesLeft(budget, 500), 3);
  assert.equal(retriesLeft(budget, 9_999), 0);
  assert.equal(retriesLeft(budget, 10_000), 3);
});

test("a busy service may add its share", () => {
  const table: [number, number, number][] = [
    [0.2, 100, 23],
    [0.2, 4, 3],
    [0.2, 5, 4],
    [0.5, 100, 53],
    [1, 100, 103],
    [0, 100, 3],
  ];
  for (const [share, requests, retries] of table) {
    const budget = new RetryBudget(share);
    for (let i = 0; i < requests; i++) budget.recordRequest(0);
    assert.equal(retriesLeft(budget, 0), retries, `${share} of ${requests}`);
  }
});

test("requests and retries leave the window second by second", () => {
  const budget = new RetryBudget(0.2);
  for (let second = 0; second < 10; second++) for (let i = 0; i < 10; i++) budget.recordRequest(second * 1_000);
  assert.equal(retriesLeft(budget, 9_500), 23);
  assert.equal(retriesLeft(budget, 18_999), 0, "the requests have left, the retries have not");
  assert.equal(retriesLeft(budget, 19_000), 3);
});

test("a long silence, and a clock that goes back, do no harm", () => {
  const budget = new RetryBudget(0.2);
  for (let i = 0; i < 100; i++) budget.recordRequest(1_700_000_000_000);
  assert.equal(retriesLeft(budget, 1_600_000_000_000), 23);
  assert.equal(retriesLeft(budget, 1_900_000_000_000), 3);
});

test("within any window, retries stay within the share and three", () => {
  const event = fc.record({ passedMs: fc.nat(3_000), requests: fc.nat(20), wanted: fc.nat(30) });
  fc.assert(
    fc.property(fc.array(event, { maxLength: 60 }), (events) => {
      const budget = new RetryBudget(0.2);
      const seconds = new Map<number, { requests: number; retries: number }>();
      let now = 0;
      for (const { passedMs, requests, wanted } of events) {
        now += passedMs;
        const second = Math.floor(now / 1_000);
        const counts = seconds.get(second) ?? { requests: 0, retries: 0 };
        seconds.set(second, counts);
        for (let i = 0; i < requests; i++) budget.recordRequest(now);
        counts.requests += requests;
        for (let i = 0; i < wanted; i++) {
          const recent = [...seconds].filter(([at]) => at > second - 10).map(([, each]) => each);
          const sent = recent.reduce((sum, each) => sum + each.requests, 0);
          const retried = recent.reduce((sum, each) => sum + each.retries, 0);
          const isAllowed = budget.tryRetry(now);
          assert.equal(isAllowed, retried + 1 <= sent * 0.2 + 3);
          if (isAllowed) counts.retries++;
        }
      }
    }),
  );
});
