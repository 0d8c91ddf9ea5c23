import { once } from "node:events";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Worker } from "node:worker_threads";
import type { Quota } from "../../../src/config/index.ts";
import { gcra, sliding } from "../../../src/limits/stores/contract.ts";
import type { LimitStoreAddress } from "../../../src/limits/stores/open-store.ts";

export interface ReplayJob {
  readonly address: LimitStoreAddress;
  readonly what: "decisions" | "leases" | "together";
  readonly quotas: readonly Quota[];
  readonly decisions: number;
  readonly crowd: number;
}

export interface ReplaySuite {
  readonly open: (t: TestContext) => LimitStoreAddress | Promise<LimitStoreAddress>;
  /** Asked at once: where each waits for a store, many. */
  readonly crowd?: number;
  readonly skip?: string | false;
}

/** Counts that are kept exactly, and such as are kept in slots; windows that slots divide, and such as they do not. */
const quotas = [
  sliding(10, 1_000),
  sliding(256, 777),
  sliding(1_000, 1_000),
  gcra(10, 1_000),
  gcra(100, 700, 7),
  gcra(3, 1_000, 50),
];

/** Of each algorithm three quotas: in all a million decisions. */
const decisions = 350_000;

/** A store decides as the log of all that was let through does, and its leases never exceed it. */
export function replaySuite(name: string, { open, crowd = 8, skip = false }: ReplaySuite): void {
  const replays = (what: string, job: Omit<ReplayJob, "address" | "crowd">): void => {
    void test(`${name}: ${what}`, { skip }, async (t) => run({ ...job, address: await open(t), crowd }));
  };
  for (const quota of quotas) {
    const about = `${quota.algorithm} ${quota.count}/${quota.windowMs}ms burst ${quota.burst}`;
    const decided = `${about} decides ${decisions} times as the log of all that was let through does`;
    replays(decided, { what: "decisions", quotas: [quota], decisions });
    const leased = `${about} leases what never exceeds it, whenever it is spent`;
    replays(leased, { what: "leases", quotas: [quota], decisions: 20_000 });
  }
  const together = [sliding(200, 1_000), gcra(60, 1_000, 30), sliding(5, 500)];
  replays("a tenant's, a user's and a route's quota are decided 100000 times as their logs say", {
    what: "together",
    quotas: together,
    decisions: 100_000,
  });
}

async function run(job: ReplayJob): Promise<void> {
  await once(new Worker(join(import.meta.dirname, "replay-worker.ts"), { workerData: job }), "exit");
}
