import type { Quota } from "../../../src/config/index.ts";
import { ManualClock } from "../../../src/kernel/index.ts";
import { LeaseTable } from "../../../src/limits/leasing/lease-table.ts";
import type { LeaseOrder, LimitStore } from "../../../src/limits/store.ts";
import { MemoryStore } from "../../../src/limits/stores/memory.ts";

export interface Simulation {
  readonly quota: Quota;
  /** Requests a second at each gateway, by time. */
  readonly demands: readonly ((second: number) => number)[];
  readonly seconds: number;
  /** What a call takes, there and back. */
  readonly callMs: number;
  readonly random: () => number;
}

export interface Outcome {
  /**
   * 0.02: two in a hundred too few. The larger of two: of what could be let through in all; and of the pace, that is, by when as many could have
   * been let through. (Quotas come back in bursts, and the last one may hide that each was a little late.)
   */
  readonly under: number;
  /** Of what may be let through in any stretch: 0.01 is one in a hundred too many. */
  readonly over: number;
  /** Calls to the store for each request. */
  readonly calls: number;
  readonly requests: number;
}

const stepMs = 0.25;

/** Gateways with leases of one key, request by request, on a clock that is moved. */
export async function simulateLeases({ quota, demands, seconds, callMs, random }: Simulation): Promise<Outcome> {
  const start = 1_000;
  const clock = new ManualClock(start);
  const ideal = new MemoryStore({}, clock, random);
  const memory = new MemoryStore({}, clock, random);
  let [calls, requests] = [0, 0];
  const deferred: (() => void)[] = [];
  const store: LimitStore = Object.assign(Object.create(memory) as LimitStore, {
    decide: async (draws: Parameters<LimitStore["decide"]>[0]) => {
      calls++;
      await clock.sleep(callMs / 2);
      const verdict = memory.decide(draws);
      await clock.sleep(callMs / 2);
      return verdict;
    },
    lease: async (orders: readonly LeaseOrder[]) => {
      calls++;
      await clock.sleep(callMs / 2);
      const leases = memory.lease(orders);
      await clock.sleep(callMs / 2);
      return leases;
    },
  });
  const tables = demands.map(() => new LeaseTable(store, { defer: (run) => deferred.push(run) }, clock));
  const draw = [{ key: "limit|hot", quota, amount: 1 }];
  const [log, possible]: [number[], number[]] = [[], []];
  const admit = ({ isAdmitted }: { isAdmitted: boolean }): void => {
    if (isAdmitted) log.push(clock.monotonic() - start);
  };
  for (let now = 0; now < seconds * 1_000; now += stepMs) {
    for (const [i, table] of tables.entries()) {
      for (let arrivals = poisson((demands[i]!(now / 1_000) * stepMs) / 1_000, random); arrivals > 0; arrivals--) {
        requests++;
        if (ideal.decide(draw).isAdmitted) possible.push(now);
        const verdict = table.decide(draw);
        if (verdict instanceof Promise) void verdict.then(admit);
        else admit(verdict);
      }
    }
    const { sleeping } = clock;
    const asked = deferred.splice(0);
    for (const run of asked) run();
    clock.advance(stepMs);
    // What was answered is taken by those who wait for it.
    const turns = asked.length === 0 && clock.sleeping === sleeping ? 0 : 12;
    for (let i = 0; i < turns; i++) await Promise.resolve();
  }
  for (const table of tables) table.stop();
  const fewer = 1 - log.length / possible.length;
  const later = 1 - possible[log.length - 1]! / log.at(-1)!;
  return { under: Math.max(fewer, later), over: excess(log, quota), calls: calls / requests, requests };
}

function excess(log: readonly number[], { algorithm, count, windowMs, burst }: Quota): number {
  let [from, most] = [0, 0];
  const allowed = algorithm === "gcra" ? burst + count : count;
  for (let i = 0; i < log.length; i++) {
    while (log[from]! <= log[i]! - windowMs) from++;
    most = Math.max(most, i - from + 1);
  }
  return most / allowed - 1;
}

function poisson(mean: number, random: () => number): number {
  const limit = Math.exp(-mean);
  let [count, product] = [0, random()];
  while (product > limit) {
    count++;
    product *= random();
  }
  return count;
}
