import { test, type TestContext } from "node:test";
import { gcra, sliding, type StoreUnderTest } from "../../../src/limits/stores/contract.ts";
import { replayDecisions, replayLeases, replayTogether } from "./replay.ts";
import { seeded } from "./seeded.ts";

/** Counts that are kept exactly, and such as are kept in slots; windows that slots divide, and such as they do not. */
const quotas = [
  sliding(10, 1_000),
  sliding(256, 777),
  sliding(1_000, 1_000),
  gcra(10, 1_000),
  gcra(100, 700, 7),
  gcra(3, 1_000, 50),
];

const together = [sliding(200, 1_000), gcra(60, 1_000, 30), sliding(5, 500)];

/** Of each algorithm three quotas: in all a million decisions. */
const decisions = 350_000;

export interface ReplaySuite {
  readonly open: (t: TestContext) => StoreUnderTest | Promise<StoreUnderTest>;
  /** Asked at once: where each waits for a store, many. */
  readonly crowd?: number;
  readonly skip?: string | false;
}

/** A store decides as the log of all that was let through does, and its leases never exceed it. */
export function replaySuite(name: string, { open, crowd = 8, skip = false }: ReplaySuite): void {
  for (const quota of quotas) {
    const what = `${name}: ${quota.algorithm} ${quota.count}/${quota.windowMs}ms burst ${quota.burst}`;

    void test(`${what} decides ${decisions} times as the log of all that was let through does`, { skip }, async (t) => {
      const subject = await open(t);
      t.after(() => subject.store.stop());
      await replayDecisions(subject, { quota, decisions, random: seeded(42), crowd });
    });

    void test(`${what} leases what never exceeds it, whenever it is spent`, { skip }, async (t) => {
      const subject = await open(t);
      t.after(() => subject.store.stop());
      await replayLeases(subject, { quota, decisions: 20_000, random: seeded(42) });
    });
  }
  void test(
    `${name}: a tenant's, a user's and a route's quota are decided together as their logs say`,
    { skip },
    async (t) => {
      const subject = await open(t);
      t.after(() => subject.store.stop());
      await replayTogether(subject, { quotas: together, decisions: 20_000, random: seeded(42) });
    },
  );
}
