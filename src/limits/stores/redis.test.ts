import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { cleanUp } from "../../../test/support/cleanup.ts";
import { redisUnderTest } from "../../../test/support/limits/open-stores.ts";
import { TestRedis, withoutRedis } from "../../../test/support/redis.ts";
import { gcra, limitStoreContract, sliding } from "./contract.ts";
import { RedisStore } from "./redis.ts";

if (withoutRedis === false) limitStoreContract("redis", redisUnderTest);

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

async function openRedis(t: TestContext): Promise<RedisStore> {
  const { url } = await TestRedis.start(t);
  const store = new RedisStore({ url, prefix: "test:", deadlineMs: 5_000 });
  cleanUp(t, () => store.stop());
  await store.connected;
  return store;
}
