import { createClient } from "@redis/client";
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { cleanUp } from "../../../test/support/cleanup.ts";
import { redisUnderTest } from "../../../test/support/limits/open-stores.ts";
import { TestRedis, withoutRedis } from "../../../test/support/redis.ts";
import { poll, type TenfoldError } from "../../kernel/index.ts";
import type { Lease } from "../store.ts";
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

test(
  "redis: a clock that is set back keeps nobody out for longer than his quota does",
  { skip: withoutRedis },
  async (t) => {
    const { url } = await TestRedis.start(t);
    const hour = 3_600_000;
    let now = 10 * hour;
    const store = new RedisStore({ url, prefix: "test:", deadlineMs: 5_000, now: () => now });
    cleanUp(t, () => store.stop());
    for (const quota of [sliding(5, 1_000), sliding(500, 1_000), gcra(5, 1_000)]) {
      now = 10 * hour;
      const { burst } = quota;
      const key = `back|${quota.algorithm}|${burst}`;
      await store.lease([{ key, quota, amount: 1, holdMs: 50 }]);
      assert.equal((await store.decide([{ key, quota, amount: burst - 1 }])).isAdmitted, true);
      now -= hour;
      const refused = await store.decide([{ key, quota, amount: burst }]);
      assert.equal(refused.isAdmitted, false, key);
      assert.ok(refused.states[0]!.retryAfterMs <= 1_100, key);
      now += 1_100;
      assert.equal((await store.decide([{ key, quota, amount: burst }])).isAdmitted, true, key);
      assert.equal((await store.decide([{ key, quota, amount: 1 }])).isAdmitted, false, key);
    }
  },
);

test("redis: nothing is kept without end", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const store = await openRedis(t, redis.url);
  for (const quota of [sliding(1_000, 60_000), gcra(3, 60_000)]) {
    for (let i = 0; i < 20; i++) await store.decide([{ key: `draw|${i}|${quota.algorithm}`, quota, amount: 1 }]);
    const orders = Array.from({ length: 20 }, (_, i) => ({ key: `lease|${i}|${quota.algorithm}`, quota, amount: 2 }));
    await store.lease(orders.map((order) => ({ ...order, holdMs: 500 })));
  }
  const client = await createClient({ url: redis.url }).connect();
  cleanUp(t, () => client.destroy());
  const keys = await client.keys("*");
  assert.equal(keys.length, 80);
  for (const key of keys) {
    assert.match(key, /^test:/);
    const ms = await client.pTTL(key);
    assert.ok(ms > 0 && ms < 62_000, `${key} is kept for ${ms} ms`);
  }
});

test("redis: what is given back leaves nothing", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const store = await openRedis(t, redis.url);
  for (const quota of [sliding(1_000, 60_000), gcra(3, 60_000)]) {
    const order = { key: quota.algorithm, quota, amount: 2, holdMs: 5_000 };
    const [{ stamp }] = (await store.lease([order])) as [Lease];
    await store.lease([{ ...order, amount: 0, returned: { stamp, amount: 2 } }]);
  }
  const client = await createClient({ url: redis.url }).connect();
  cleanUp(t, () => client.destroy());
  assert.equal(await client.dbSize(), 0);
});

test("redis: what it refuses is said, without the password", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t, "right");
  await openRedis(t, redis.urlWith("right"));
  const store = new RedisStore({ url: redis.urlWith("hunter2"), prefix: "test:" });
  cleanUp(t, () => store.stop());
  const failure = await failed(store, (error) => error.message.includes("WRONGPASS"));
  assert.equal(failure.code, "LIMITS_STORE_AWAY");
  assert.doesNotMatch(JSON.stringify(failure) + failure.stack, /hunter2/);
  const uninvited = new RedisStore({ url: redis.url, prefix: "test:" });
  cleanUp(t, () => uninvited.stop());
  await failed(uninvited, (error) => error.message.includes("NOAUTH"));
});

test("redis: who reads what is there learns no caller's key", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const store = await openRedis(t, redis.url);
  const quota = sliding(10, 60_000);
  await store.decide([{ key: "partner|api-key-hunter2", quota, amount: 1 }]);
  await store.lease([{ key: "partner|api-key-hunter3", quota, amount: 1, holdMs: 100 }]);
  const client = await createClient({ url: redis.url }).connect();
  cleanUp(t, () => client.destroy());
  const keys = await client.keys("*");
  assert.equal(keys.length, 2);
  for (const key of keys) assert.match(key, /^test:partner\|[\w-]{43}$/);
});

test("redis: what is asked before the first connection waits for it", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const store = new RedisStore({ url: redis.url, prefix: "test:", deadlineMs: 5_000 });
  cleanUp(t, () => store.stop());
  assert.equal((await store.decide([])).isAdmitted, true);
});

test("redis: one that has stopped answering is connected to anew", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const store = await openRedis(t, redis.url, 20);
  await store.decide([]);
  redis.pause();
  await assert.rejects(store.decide([]), { code: "LIMITS_STORE_LATE" });
  await failed(store, ({ code }) => code === "LIMITS_STORE_AWAY");
  redis.resume();
  await poll(() => store.decide([]).catch(() => undefined), {
    everyMs: 5,
    deadlineMs: 20_000,
    onTimeout: () => new Error("it is not asked again"),
  });
});

/** Asks until it fails so. */
function failed(store: RedisStore, isMeant: (error: TenfoldError) => boolean): Promise<TenfoldError> {
  const ask = async (): Promise<TenfoldError | undefined> => {
    const error = await store.decide([]).then(
      () => undefined,
      (error: unknown) => error as TenfoldError,
    );
    return error !== undefined && isMeant(error) ? error : undefined;
  };
  return poll(ask, { everyMs: 5, deadlineMs: 20_000, onTimeout: () => new Error("it does not fail so") });
}

async function openRedis(t: TestContext, url?: string, deadlineMs = 5_000): Promise<RedisStore> {
  const store = new RedisStore({ url: url ?? (await TestRedis.start(t)).url, prefix: "test:", deadlineMs });
  cleanUp(t, () => store.stop());
  await store.connected;
  return store;
}
