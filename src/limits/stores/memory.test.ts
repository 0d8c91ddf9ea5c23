import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../kernel/index.ts";
import { gcra, limitStoreContract, sliding } from "./contract.ts";
import { MemoryStore } from "./memory.ts";

limitStoreContract("memory", () => {
  const clock = new ManualClock(1_000_000);
  return { store: new MemoryStore({}, clock), pass: (ms) => clock.advance(ms) };
});

test("whatever the digits of its clock, a window is as long as it is, and who waits as long as he is told is let through", () => {
  const clock = new ManualClock(12_345_678.901_234_5);
  const store = new MemoryStore({}, clock);
  for (const quota of [sliding(3, 1_000), gcra(3, 999), sliding(300, 60_000), gcra(7, 60_000, 2)]) {
    for (let i = 0; i < 200; i++) {
      const draws = [{ key: `a|${quota.algorithm}${quota.count}`, quota, amount: 1 }];
      const { isAdmitted, states } = store.decide(draws);
      const [state] = states;
      const longest = quota.windowMs * (1 + (quota.count > 256 ? 1 / 256 : 0));
      assert.ok(state!.resetMs <= Math.max(longest, (quota.burst * quota.windowMs) / quota.count), `${state!.resetMs}`);
      clock.advance(isAdmitted ? 0.1 + 1 / 3 : Math.ceil(state!.retryAfterMs * 1_000) / 1_000 + 0.001);
      if (!isAdmitted) assert.equal(store.decide(draws).isAdmitted, true);
    }
  }
});
