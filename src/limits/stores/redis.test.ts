import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { withoutRedis, TestRedis } from "../../../test/support/redis.ts";
import { ManualClock } from "../../kernel/index.ts";
import { gcra, limitStoreContract, sliding } from "./contract.ts";
import { RedisStore } from "./redis.ts";

if (withoutRedis === false) {
  limitStoreContract("redis", async (t) => {
    const clock = new ManualClock(1_000_000);
    const store = await openRedis(t as TestContext, () => clock.now());
    return { store, pass: (ms) => clock.advance(ms) };
  });
}

test("redis: time is that of the server", { skip: withoutRedis }, async (t) => {
  const store = await openRedis(t);
  for (const quota of [sliding(3, 3_600_000), gcra(3, 3_600_000)]) {
    const draw = { key: `clock|${quota.algorithm}`, quota, amount: 3 };
    assert.equal((await store.decide([draw])).isAdmitted, true);
    const { isAdmitted, states } = await store.decide([draw]);
    assert.equal(isAdmitted, false);
    assert.ok(states[0]!.retryAfterMs > 3_500_000 && states[0]!.retryAfterMs <= 3_600_000);
  }
});

async function openRedis(t: TestContext, now?: () => number): Promise<RedisStore> {
  const redis = await TestRedis.start(t);
  const store = new RedisStore({
    url: redis.url,
    prefix: "test:",
    deadlineMs: 5_000,
    ...(now === undefined ? {} : { now }),
  });
  t.after(() => store.stop());
  await store.connected;
  return store;
}
