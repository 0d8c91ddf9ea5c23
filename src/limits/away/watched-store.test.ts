import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../kernel/index.ts";
import type { LimitStore } from "../store.ts";
import { sliding } from "../stores/contract.ts";
import { MemoryStore } from "../stores/memory.ts";
import { WatchedStore } from "./watched-store.ts";

const draws = [{ key: "limit|a", quota: sliding(1_000, 1_000), amount: 1 }];

test("after a failure the store is not asked for each decision, but in the background, less and less often", async () => {
  const { store, asked, clock, fail } = setUp();
  await store.decide(draws);
  fail(true);
  await assert.rejects(store.decide(draws), /gone/);
  assert.equal(store.figures.isAway, true);
  for (let i = 0; i < 1_000; i++) await assert.rejects(store.decide(draws), { code: "LIMITS_STORE_AWAY" });
  assert.equal(asked(), 2);
  for (let i = 0; i < 1_000; i++) await pass(clock, 10);
  assert.ok(asked() > 10 && asked() < 40, `${asked()} times in ten seconds`);
  assert.deepEqual(store.figures, { isAway: true, calls: asked(), failures: asked() - 1 });
  await store.stop();
});

test("when it answers again, it is asked as before", async () => {
  const { store, clock, fail } = setUp();
  fail(true);
  await assert.rejects(store.lease([]));
  fail(false);
  for (let i = 0; i < 10; i++) await pass(clock, 10);
  assert.equal(store.figures.isAway, false);
  assert.equal((await store.decide(draws)).isAdmitted, true);
});

test("a failure from before the pause says nothing of the time after", async () => {
  const { store, clock, fail, hold } = setUp();
  const release = hold();
  const late = store.decide(draws);
  fail(true);
  await assert.rejects(store.decide(draws));
  fail(false);
  for (let i = 0; i < 10; i++) await pass(clock, 10);
  release();
  await assert.rejects(late);
  assert.equal(store.figures.isAway, false);
});

test("a store that answers but cannot count is asked less and less often, too", async () => {
  const { store, asked, clock, fail } = setUp();
  fail("draws");
  for (let i = 0; i < 1_000; i++) {
    await store.decide(draws).catch(() => undefined);
    await pass(clock, 10);
  }
  assert.ok(asked() < 60, `${asked()} times in ten seconds`);
  await store.stop();
});

function setUp() {
  const clock = new ManualClock();
  const memory = new MemoryStore({}, clock);
  let asked = 0;
  let failing: boolean | "draws" = false;
  let gate: Promise<void> | undefined;
  const ask = async (items: readonly unknown[]): Promise<void> => {
    asked++;
    const held = gate;
    gate = undefined;
    await held;
    if (held !== undefined || failing === true || (failing === "draws" && items.length > 0)) throw new Error("gone");
  };
  const inner: LimitStore = {
    kind: "redis",
    decide: (draws) => ask(draws).then(() => memory.decide(draws)),
    lease: (orders) => ask(orders).then(() => memory.lease(orders)),
    stop: () => memory.stop(),
  };
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  const store = new WatchedStore(inner, clock, () => 0.5);
  return { store, clock, asked: () => asked, fail: (how: typeof failing) => (failing = how), hold };
}

async function pass(clock: ManualClock, ms: number): Promise<void> {
  clock.advance(ms);
  await new Promise((resolve) => setImmediate(resolve));
}
