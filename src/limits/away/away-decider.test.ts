import assert from "node:assert/strict";
import { test } from "node:test";
import type { CountedLimit, StoreDraw } from "../decider.ts";
import { gcra, sliding } from "../stores/contract.ts";
import { MemoryStore } from "../stores/memory.ts";
import { decideAway, shareOf } from "./away-decider.ts";

test("a share is even, and at least one; what weighs more than it takes all of it", () => {
  const table = [
    [sliding(100, 1_000), 1, 4, { count: 25, burst: 25, amount: 1 }],
    [sliding(3, 1_000), 1, 4, { count: 1, burst: 1, amount: 1 }],
    [gcra(100, 1_000, 10), 1, 3, { count: 33, burst: 3, amount: 1 }],
    [sliding(10, 1_000), 5, 4, { count: 2, burst: 2, amount: 2 }],
    // What could never be had can not be had now.
    [sliding(10, 1_000), 11, 4, { count: 2, burst: 2, amount: 11 }],
  ] as const;
  for (const [quota, amount, gateways, expected] of table) {
    const share = shareOf({ key: "limit|a", quota, amount, limit: limit("local") }, gateways);
    assert.deepEqual({ count: share.quota.count, burst: share.quota.burst, amount: share.amount }, expected);
  }
});

test("what is open is let through, what is local is counted, and one that is closed refuses all", () => {
  const store = new MemoryStore();
  const decide = (...draws: StoreDraw[]) => decideAway(draws, 2, (local) => store.decide(local));
  const [open, local, closed] = (["open", "local", "closed"] as const).map((whenAway) => {
    return { key: `${whenAway}|a`, quota: sliding(4, 60_000), amount: 1, limit: limit(whenAway) };
  }) as [StoreDraw, StoreDraw, StoreDraw];
  for (let i = 0; i < 10; i++) assert.equal(decide(open).verdict, "admitted");
  assert.deepEqual([decide(local, closed).verdict, decide(closed).verdict], ["away", "away"]);
  assert.equal(decide(open, local).verdict, "admitted");
  const { verdict, states, isDecidedAway } = decide(open, local);
  assert.deepEqual([verdict, states[0], states[1]!.remaining, isDecidedAway], ["admitted", undefined, 0, true]);
  assert.equal(decide(open, local).verdict, "exceeded");
});

function limit(whenAway: CountedLimit["whenAway"]): CountedLimit {
  return { name: whenAway, mode: "exact", whenAway };
}
