import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test, type TestContext } from "node:test";
import type { Quota } from "../../config/index.ts";
import type { Draw, Lease, LeaseOrder, LimitStore, Verdict } from "../store.ts";

/** A store, and its time: whole milliseconds pass when they are told to. */
export interface StoreUnderTest {
  readonly store: LimitStore;
  pass(ms: number): void | Promise<void>;
}

/** What every store promises. `open` is called once for each test; the store is stopped here, and what lies behind it by who opened it. */
export function limitStoreContract(
  name: string,
  open: (t: TestContext) => StoreUnderTest | Promise<StoreUnderTest>,
): void {
  const behaves = (what: string, check: (subject: Subject) => Promise<void>): void => {
    void test(`${name}: ${what}`, async (t) => {
      const { store, pass } = await open(t);
      t.after(() => store.stop());
      await check(new Subject(store, pass));
    });
  };

  for (const quota of [sliding(5, 1_000), gcra(5, 1_000)]) {
    const { algorithm } = quota;

    behaves(`${algorithm} lets through what there is, and says when there is more`, async (subject) => {
      const key = newKey();
      const states = [];
      for (let i = 0; i < 5; i++) states.push((await subject.draw(key, quota)).states[0]!.remaining);
      assert.deepEqual(states, [4, 3, 2, 1, 0]);
      const refused = await subject.draw(key, quota);
      assert.equal(refused.isAdmitted, false);
      const { remaining, retryAfterMs, resetMs } = refused.states[0]!;
      assert.equal(remaining, 0);
      assertNear(retryAfterMs, algorithm === "gcra" ? 200 : 1_000);
      assertNear(resetMs, 1_000);
      await subject.pass(Math.ceil(retryAfterMs) - 50);
      assert.equal((await subject.draw(key, quota)).isAdmitted, false);
      await subject.pass(60);
      assert.equal((await subject.draw(key, quota)).isAdmitted, true);
    });

    behaves(`${algorithm} has all back after the reset`, async (subject) => {
      const key = newKey();
      const { states } = await subject.draw(key, quota, 4);
      await subject.pass(Math.ceil(states[0]!.resetMs) + 1);
      assert.equal((await subject.draw(key, quota, 5)).isAdmitted, true);
    });

    behaves(`${algorithm} never has more than its burst, and says so`, async (subject) => {
      const refused = await subject.draw(newKey(), quota, 6);
      assert.equal(refused.isAdmitted, false);
      assert.equal(refused.states[0]!.retryAfterMs, Infinity);
      assert.equal(refused.states[0]!.remaining, 5);
    });

    behaves(`${algorithm} counts each key by itself, whatever is in it`, async (subject) => {
      const key = newKey();
      for (const suffix of ["", " ", "\n", "\0", "|", "é", "\u{1F600}", "{a}", "*", '"', "\\", "a".repeat(300)]) {
        const verdict = await subject.draw(key + suffix, quota, 5);
        assert.equal(verdict.isAdmitted, true, JSON.stringify(suffix));
      }
    });

    behaves(`${algorithm} draws from all or from none`, async (subject) => {
      const [wide, tight] = [newKey(), newKey()];
      const draws = (amount: number): Draw[] => [
        { key: wide, quota, amount },
        { key: tight, quota, amount: 2 * amount },
      ];
      assert.equal((await subject.decide(draws(2))).isAdmitted, true);
      const refused = await subject.decide(draws(1));
      assert.equal(refused.isAdmitted, false);
      assert.equal(refused.states[0]!.retryAfterMs, 0);
      assert.equal(refused.states[0]!.remaining, 3);
      assert.ok(refused.states[1]!.retryAfterMs > 0);
      assert.equal((await subject.draw(wide, quota, 3)).isAdmitted, true);
    });

    behaves(`${algorithm} admits just as many of a crowd as there are`, async (subject) => {
      const key = newKey();
      const verdicts = await Promise.all(Array.from({ length: 40 }, () => subject.draw(key, quota)));
      assert.equal(verdicts.filter(({ isAdmitted }) => isAdmitted).length, 5);
    });

    behaves(`${algorithm} leases as many as there are, and counts them`, async (subject) => {
      const key = newKey();
      assert.equal((await subject.lease({ key, quota, amount: 3, holdMs: 50 })).granted, 3);
      assert.equal((await subject.draw(key, quota, 3)).isAdmitted, false);
      assert.equal((await subject.lease({ key, quota, amount: 3, holdMs: 50 })).granted, 2);
      const { granted, state } = await subject.lease({ key, quota, amount: 3, holdMs: 50 });
      assert.equal(granted, 0);
      assert.ok(state.retryAfterMs > 0 && state.remaining === 0, JSON.stringify(state));
    });

    behaves(`${algorithm} counts what is leased until a window after it may have been spent`, async (subject) => {
      const key = newKey();
      await subject.lease({ key, quota, amount: 5, holdMs: 100 });
      await subject.pass(algorithm === "gcra" ? 250 : 1_050);
      assert.equal((await subject.draw(key, quota)).isAdmitted, false);
      await subject.pass(100);
      assert.equal((await subject.draw(key, quota)).isAdmitted, true);
    });

    behaves(`${algorithm} takes back what was not spent`, async (subject) => {
      const key = newKey();
      const order = { key, quota, amount: 4, holdMs: 100 };
      const { stamp } = await subject.lease(order);
      const again = await subject.lease({ ...order, amount: 5, returned: { stamp, amount: 3 } });
      assert.equal(again.granted, 4);
      const nothing = { key, quota, amount: 0, holdMs: 100 };
      await subject.lease({ ...nothing, returned: { stamp: again.stamp, amount: 4 } });
      assert.equal((await subject.draw(key, quota, 4)).isAdmitted, true);
      assert.equal((await subject.draw(key, quota, 1)).isAdmitted, false);
    });

    behaves(`${algorithm} gives nothing for what was never leased`, async (subject) => {
      const key = newKey();
      await subject.draw(key, quota, 5);
      const returned = { stamp: 54_321.5, amount: 5 };
      assert.equal((await subject.lease({ key, quota, amount: 1, holdMs: 50, returned })).granted, 0);
    });

    behaves(`${algorithm} takes over what is used when the quota changes`, async (subject) => {
      const key = newKey();
      await subject.draw(key, quota, 4);
      const more = { ...quota, count: 10, burst: 10 };
      const raised = await subject.draw(key, more);
      assert.equal(raised.states[0]!.remaining, 5);
      const less = { ...quota, count: 2, burst: 2 };
      assert.equal((await subject.draw(key, less)).isAdmitted, false);
    });
  }

  behaves("what is used stays used when the algorithm changes", async (subject) => {
    for (const [from, to] of [
      [sliding(5, 1_000), gcra(5, 1_000)],
      [gcra(5, 1_000), sliding(5, 1_000)],
    ] as const) {
      const key = newKey();
      await subject.draw(key, from, 4);
      assert.equal((await subject.draw(key, to, 2)).isAdmitted, false);
      assert.equal((await subject.draw(key, to, 1)).isAdmitted, true);
    }
  });

  behaves("who has used much waits no longer under a small quota than it takes to fill", async (subject) => {
    const [key, small] = [newKey(), gcra(10, 1_000)];
    await subject.draw(key, gcra(1_000, 1_000), 900);
    const { states } = await subject.draw(key, small);
    assertNear(states[0]!.retryAfterMs, 100);
    assertNear(states[0]!.resetMs, 1_000);
  });

  behaves("large counts are let through whole, and come back whole", async (subject) => {
    const [key, quota] = [newKey(), sliding(100_000, 1_000)];
    assert.equal((await subject.draw(key, quota, 100_000)).isAdmitted, true);
    assert.equal((await subject.draw(key, quota)).isAdmitted, false);
    await subject.pass(1_000 + Math.ceil(1_000 / 256));
    assert.equal((await subject.draw(key, quota, 100_000)).isAdmitted, true);
  });

  behaves("what is only partly there is leased as far as it is, and says when there is more", async (subject) => {
    for (const quota of [sliding(5, 1_000), gcra(5, 1_000)]) {
      const { granted, state } = await subject.lease({ key: newKey(), quota, amount: 9, holdMs: 50 });
      assert.equal(granted, 5);
      assert.ok(state.retryAfterMs > 0 && state.remaining === 0, JSON.stringify(state));
    }
  });

  behaves("a decision of nothing is admitted", async (subject) => {
    assert.deepEqual(await subject.decide([]), { isAdmitted: true, states: [] });
  });

  behaves("orders are filled each on its own", async (subject) => {
    const quota = sliding(5, 1_000);
    const orders = [1, 9, 3].map((amount) => ({ key: newKey(), quota, amount, holdMs: 50 }));
    assert.deepEqual(
      (await subject.store.lease(orders)).map(({ granted }) => granted),
      [1, 5, 3],
    );
  });
}

class Subject {
  readonly store: LimitStore;
  readonly pass: StoreUnderTest["pass"];

  constructor(store: LimitStore, pass: StoreUnderTest["pass"]) {
    this.store = store;
    this.pass = pass;
  }

  draw(key: string, quota: Quota, amount = 1): Promise<Verdict> {
    return this.decide([{ key, quota, amount }]);
  }

  async decide(draws: readonly Draw[]): Promise<Verdict> {
    return this.store.decide(draws);
  }

  async lease(order: LeaseOrder): Promise<Lease> {
    return (await this.store.lease([order]))[0]!;
  }
}

/** Where time cannot be stopped, a little of it may have passed. */
function assertNear(found: number, expected: number): void {
  assert.ok(found <= expected + 0.001 && found > expected - 40, `${found} is not nearly ${expected}`);
}

const newKey = (): string => `contract|${randomUUID()}`;

export const sliding = (count: number, windowMs: number): Quota => ({
  algorithm: "sliding-window",
  count,
  windowMs,
  burst: count,
});

export const gcra = (count: number, windowMs: number, burst = count): Quota => ({
  algorithm: "gcra",
  count,
  windowMs,
  burst,
});
