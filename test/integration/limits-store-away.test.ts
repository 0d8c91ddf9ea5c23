import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import type { CountedLimit, DrawDecider, LimitDraw } from "../../src/limits/decider.ts";
import { openDecider } from "../../src/limits/open-decider.ts";
import { sliding } from "../../src/limits/stores/contract.ts";
import { MemoryStore } from "../../src/limits/stores/memory.ts";
import type { LimitStoreAddress } from "../../src/limits/stores/open-store.ts";
import { LimitStoreServer } from "../../src/limits/stores/platform/store-server.ts";
import { cleanUp } from "../support/cleanup.ts";
import { DeciderLoad } from "../support/limits/decider-load.ts";
import { TestRedis, withoutRedis } from "../support/redis.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** More than the deadline of a store: a machine may be slow. What hangs takes longer. */
const atMostMs = 5_000;

interface Disturbance {
  readonly address: LimitStoreAddress;
  begin(): unknown;
  end(): unknown;
}

test("Redis is killed and started again under load", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const address = { kind: "redis", url: redis.url, prefix: "test:" } as const;
  await survives(t, { address, begin: () => redis.kill(), end: () => redis.start() });
});

test("Redis is paused and goes on under load", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const address = { kind: "redis", url: redis.url, prefix: "test:" } as const;
  await survives(t, { address, begin: () => redis.pause(), end: () => redis.resume() });
});

test("Redis forgets all it knows under load", { skip: withoutRedis }, async (t) => {
  const redis = await TestRedis.start(t);
  const address = { kind: "redis", url: redis.url, prefix: "test:" } as const;
  const load = begin(t, openAll(t, address));
  await load.untilBack();
  await load.next(20);
  await redis.kill();
  await redis.start();
  await load.next(20);
  await load.untilBack();
});

test("the platform's store ends and begins again under load", async (t) => {
  const path = join(temporaryDirectory(t), "limits.sock");
  let server = new LimitStoreServer(new MemoryStore(), path);
  await server.start();
  cleanUp(t, () => server.stop());
  const restart = (): Promise<void> => {
    server = new LimitStoreServer(new MemoryStore(), path);
    return server.start();
  };
  await survives(t, { address: { kind: "platform", path }, begin: () => server.stop(), end: restart });
});

/** Each limit does what it says while the store is away, every decision is made, and afterwards all is as before; twice. */
async function survives(t: TestContext, { address, begin: disturb, end }: Disturbance): Promise<void> {
  const deciders = openAll(t, address);
  const load = begin(t, deciders);
  let slowest = 0;
  for (let round = 0; round < 2; round++) {
    await load.untilBack();
    const before = await load.next(50);
    await disturb();
    await load.untilAway();
    const during = await load.next(100);
    for (const { limit, verdict, isDecidedAway, tookMs } of [...before, ...during]) {
      slowest = Math.max(slowest, tookMs);
      if (!isDecidedAway) continue;
      const expected = { open: ["admitted"], closed: ["away"], local: ["admitted", "exceeded"] }[limit.whenAway];
      assert.ok(expected.includes(verdict), `${limit.whenAway}: ${verdict}`);
    }
    for (const whenAway of ["open", "local", "closed"]) {
      assert.ok(during.some(({ limit, isDecidedAway }) => isDecidedAway && limit.whenAway === whenAway));
    }
    const local = during.filter(({ limit, isDecidedAway }) => isDecidedAway && limit.name === "exact-local");
    const admitted = local.filter(({ verdict }) => verdict === "admitted").length;
    assert.ok(admitted <= deciders.length * share, `${admitted} of ${deciders.length} shares of ${share}`);
    await end();
  }
  await load.untilBack();
  await load.stop();
  t.diagnostic(`the slowest decision took ${slowest.toFixed(0)} ms`);
  assert.ok(slowest < atMostMs, `a decision took ${slowest} ms`);
}

const processes = 3;
const quota = sliding(60, 3_600_000);
const share = quota.count / processes;

function openAll(t: TestContext, address: LimitStoreAddress): DrawDecider[] {
  return Array.from({ length: processes }, () => {
    const decider = openDecider(address, () => 100);
    decider.share(processes);
    cleanUp(t, () => decider.stop());
    return decider;
  });
}

function begin(t: TestContext, deciders: readonly DrawDecider[]): DeciderLoad {
  const draws: LimitDraw[] = [];
  for (const mode of ["exact", "leased"] as const) {
    for (const whenAway of ["open", "local", "closed"] as const) {
      const limit: CountedLimit = { name: `${mode}-${whenAway}`, mode, whenAway };
      draws.push({ scope: limit.name, caller: "all", quota, amount: 1, limit });
    }
  }
  const load = new DeciderLoad(deciders, draws);
  cleanUp(t, () => load.stop());
  return load;
}
