import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../kernel/index.ts";
import type { Draw, Lease, LeaseOrder, LimitStore, Verdict } from "../store.ts";
import { gcra, sliding } from "../stores/contract.ts";
import { MemoryStore } from "../stores/memory.ts";
import type { Spent } from "./leased-key.ts";
import { LeaseTable } from "./lease-table.ts";

const minute = sliding(10_000, 60_000);

test("all that is needed in one turn is asked for in one call, and each waits for that alone", async () => {
  const { table, calls } = setUp();
  const decisions = Array.from({ length: 30 }, async (_, i) => table.decide([draw(`limit|${i % 3}`)]));
  assert.equal(admitted(await Promise.all(decisions)), 30);
  assert.equal(calls.length, 1);
  assert.ok(calls[0]!.length === 3 && calls[0]!.every(({ amount }) => amount >= 10));
});

test("who comes while a call is under way waits for it, too", async () => {
  const { table, calls, hold } = setUp();
  const release = hold();
  const first = table.decide([draw("limit|a")]);
  await turn();
  const second = table.decide([draw("limit|a")]);
  release();
  assert.equal(admitted(await Promise.all([first, second])), 2);
  assert.equal(calls.length, 2);
});

test("a hot key is decided at once, and its next lease is asked for in the background", async () => {
  const { table, calls, clock } = setUp();
  await warmUp(table, clock);
  const before = calls.length;
  let [asked, waited] = [0, 0];
  for (let i = 0; i < 20_000 && calls.length < before + 20; i++) {
    if (i % 4 === 0) clock.advance(1);
    asked++;
    if (table.decide([draw("limit|hot", 1, sliding(1_000_000, 60_000))]) instanceof Promise) waited++;
    if (i % 4 === 0) await turn();
  }
  assert.ok(waited < asked / 100, `${waited} of ${asked} waited`);
  assert.ok(calls.length > before, "there were leases");
  table.stop();
});

test("what is refused is remembered: nobody asks again until there may be some", async () => {
  const { table, calls, clock } = setUp();
  const quota = sliding(2, 60_000);
  for (let i = 0; i < 2; i++) await table.decide([draw("limit|a", 1, quota)]);
  const refused = await table.decide([draw("limit|a", 1, quota)]);
  assert.equal(refused.isAdmitted, false);
  const before = calls.length;
  for (let i = 0; i < 100; i++) {
    const verdict = table.decide([draw("limit|a", 1, quota)]);
    assert.ok(!(verdict instanceof Promise) && !verdict.isAdmitted);
    const { remaining, retryAfterMs } = verdict.states[0]!;
    assert.ok(remaining === 0 && retryAfterMs > 59_000 && retryAfterMs < 61_000, String(retryAfterMs));
  }
  assert.equal(calls.length, before);
  clock.advance(61_000);
  assert.equal((await table.decide([draw("limit|a", 1, quota)])).isAdmitted, true);
});

test("a new quota is asked for at once, whatever was refused under the old one", async () => {
  const { table } = setUp();
  await table.decide([draw("limit|a", 2, sliding(2, 60_000))]);
  assert.equal((await table.decide([draw("limit|a", 1, sliding(2, 60_000))])).isAdmitted, false);
  assert.equal((await table.decide([draw("limit|a", 1, sliding(5, 60_000))])).isAdmitted, true);
});

test("nothing is spent of one quota when another refuses", async () => {
  const { table, memory } = setUp();
  const [wide, tight] = [sliding(10, 60_000), sliding(1, 60_000)];
  const both = (): Draw[] => [draw("wide|a", 1, wide), draw("tight|a", 1, tight)];
  assert.equal((await table.decide(both())).isAdmitted, true);
  for (let i = 0; i < 20; i++) {
    const { isAdmitted, states } = await table.decide(both());
    assert.equal(isAdmitted, false);
    assert.ok(states[0]!.retryAfterMs === 0 && states[1]!.retryAfterMs > 0);
  }
  let left = 0;
  while ((await table.decide([draw("wide|a", 1, wide)])).isAdmitted) left++;
  assert.equal(left, 9);
  assert.equal(memory.decide([draw("wide|a", 1, wide)]).isAdmitted, false);
});

test("weights greater than what is leased are had as long as there is as much", async () => {
  const { table } = setUp();
  const quota = gcra(100, 60_000);
  assert.equal((await table.decide([draw("limit|a", 1, quota)])).isAdmitted, true);
  assert.equal((await table.decide([draw("limit|a", 60, quota)])).isAdmitted, true);
  assert.equal((await table.decide([draw("limit|a", 60, quota)])).isAdmitted, false);
  assert.equal((await table.decide([draw("limit|a", 39, quota)])).isAdmitted, true);
  const never = await table.decide([draw("limit|a", 101, quota)]);
  assert.ok(!never.isAdmitted && never.states[0]!.retryAfterMs === Infinity);
});

test("what nobody spends is given back, without anybody asking", async () => {
  for (const quota of [minute, gcra(10_000, 60_000)]) {
    const { table, clock, balance } = setUp();
    await warmUp(table, clock, quota);
    for (let i = 0; i < 1_000; i++) {
      clock.advance(10);
      await turn();
    }
    assert.deepEqual({ algorithm: quota.algorithm, kept: balance() }, { algorithm: quota.algorithm, kept: 1_000 });
    table.stop();
  }
});

test("what was spent for nothing is put back, and spent by the next", async () => {
  const { table, calls } = setUp();
  const quota = sliding(1, 60_000);
  const spent: Spent[] = [];
  assert.equal((await table.decide([draw("limit|a", 1, quota)], spent)).isAdmitted, true);
  table.putBack(spent);
  const before = calls.length;
  const again = table.decide([draw("limit|a", 1, quota)]);
  assert.ok(!(again instanceof Promise) && again.isAdmitted);
  assert.equal(calls.length, before);
  table.stop();
});

test("the table stays as large as it may be", async () => {
  const { table } = setUp({ maxKeys: 100 });
  for (let i = 0; i < 1_000; i++) {
    assert.equal((await table.decide([draw(`limit|${i}`, 1, sliding(10, 60_000))])).isAdmitted, true);
    assert.ok(table.size <= 100);
  }
});

test("what was ordered under a higher quota, and comes under a lower one, is not spent but given back", async () => {
  const { table, clock, hold, balance } = setUp();
  const before = Array.from({ length: 100 }, async () => table.decide([draw("limit|a")]));
  const release = hold();
  await turn();
  const after = Array.from({ length: 100 }, async () => table.decide([draw("limit|a", 1, sliding(5, 60_000))]));
  release();
  assert.equal(admitted(await Promise.all([...before, ...after])), 5);
  for (let i = 0; i < 100; i++) {
    clock.advance(10);
    await turn();
  }
  assert.equal(balance(), 5);
  table.stop();
});

test("when the store fails, all who wait hear of it, and the next ask again", async () => {
  const { table, fail } = setUp();
  fail(new Error("gone"));
  const decisions = Array.from({ length: 5 }, async () => table.decide([draw("limit|a")]));
  for (const outcome of await Promise.allSettled(decisions)) assert.equal(outcome.status, "rejected");
  fail(undefined);
  assert.equal((await table.decide([draw("limit|a")])).isAdmitted, true);
});

function setUp({ maxKeys = 1_000 } = {}) {
  const clock = new ManualClock(1_000_000);
  const memory = new MemoryStore({}, clock);
  const calls: (readonly LeaseOrder[])[] = [];
  let gate: Promise<void> | undefined;
  let failure: Error | undefined;
  let balance = 0;
  const store: LimitStore = {
    kind: "redis",
    decide: (draws) => memory.decide(draws),
    async lease(orders): Promise<Lease[]> {
      calls.push(orders);
      await gate;
      if (failure !== undefined) throw failure;
      const leases = memory.lease(orders);
      orders.forEach(({ returned }, i) => (balance += leases[i]!.granted - (returned?.amount ?? 0)));
      return leases;
    },
    stop: () => memory.stop(),
  };
  const table = new LeaseTable(store, { maxKeys }, clock);
  const hold = (): (() => void) => {
    const { promise, resolve } = Promise.withResolvers<void>();
    gate = promise;
    return resolve;
  };
  return {
    clock,
    memory,
    table,
    calls,
    hold,
    balance: () => balance,
    fail: (error: Error | undefined) => (failure = error),
  };
}

function draw(key: string, amount = 1, quota = minute): Draw {
  return { key, quota, amount };
}

/** A thousand requests in a quarter of a second. */
async function warmUp(table: LeaseTable, clock: ManualClock, quota = sliding(1_000_000, 60_000)): Promise<void> {
  for (let i = 0; i < 1_000; i++) {
    if (i % 4 === 0) clock.advance(1);
    await table.decide([draw("limit|hot", 1, quota)]);
  }
}

const admitted = (verdicts: readonly Verdict[]): number => verdicts.filter(({ isAdmitted }) => isAdmitted).length;
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
