import assert from "node:assert/strict";
import { test } from "node:test";
import { type Outcome, simulateLeases, type Simulation } from "../../../test/support/limits/lease-simulation.ts";
import { seeded } from "../../../test/support/limits/seeded.ts";
import { gcra, sliding } from "../stores/contract.ts";

const steady = (rate: number) => (): number => rate;

/** Hot keys of gateways that have them at different rates: too many requests by far, a few too many, nearly too many, and fewer. */
const cases: Record<string, Omit<Simulation, "callMs" | "random">> = {
  "two gateways want twice a second's quota": {
    quota: sliding(3_000, 1_000),
    demands: [steady(3_000), steady(3_000)],
    seconds: 25,
  },
  "two gateways want nearly a second's quota": {
    quota: sliding(7_000, 1_000),
    demands: [steady(3_000), steady(3_000)],
    seconds: 3,
  },
  "most is refused": { quota: sliding(100, 1_000), demands: [steady(2_000), steady(2_000)], seconds: 25 },
  "one gateway wants three times the quota": { quota: sliding(1_000, 1_000), demands: [steady(3_000)], seconds: 25 },
  "three gateways of different rates want more than there is": {
    quota: sliding(15_000, 5_000),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 25,
  },
  "three gateways want four times what there is in ten seconds": {
    quota: sliding(10_000, 10_000),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 25,
  },
  "demand comes in waves": {
    quota: sliding(10_000, 5_000),
    demands: [(second) => 3_000 * (1 + Math.sin(second)), (second) => 2_000 * (1 + Math.cos(second / 2))],
    seconds: 15,
  },
  "a bucket is asked for four times what it regains": {
    quota: gcra(1_000, 1_000),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 12,
  },
  "a bucket with a small burst": {
    quota: gcra(1_000, 1_000, 100),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 12,
  },
  "a bucket is asked for a little more than it regains": {
    quota: gcra(3_000, 1_000),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 12,
  },
  "a bucket is asked for less than it regains": {
    quota: gcra(5_000, 1_000),
    demands: [steady(500), steady(1_500), steady(2_000)],
    seconds: 3,
  },
};

for (const [name, simulation] of Object.entries(cases)) {
  test(`leases: ${name}: nothing over, 1.3 % under, one call for twelve requests`, async (t) => {
    for (let seed = 1; seed <= 3; seed++) {
      const { under, over, calls, found } = await simulate({ ...simulation, callMs: 1, random: seeded(seed) }, seed);
      t.diagnostic(found);
      assert.ok(over <= 0 && under <= 0.013 && calls <= 1 / 12, found);
    }
  });
}

for (const times of [1.1, 1.5, 2, 5]) {
  for (const callMs of [0.5, 1]) {
    test(`leases: four gateways want ${times} times a quota in unequal parts, with calls of ${callMs} ms: nothing over, 1.3 % under`, async (t) => {
      const demands = [0.4, 0.3, 0.2, 0.1].map((share) => steady(share * times * 2_000));
      const simulation = { quota: sliding(2_000, 1_000), demands, seconds: 10, callMs };
      for (let seed = 1; seed <= 3; seed++) {
        const { under, over, found } = await simulate({ ...simulation, random: seeded(seed) }, seed);
        t.diagnostic(found);
        assert.ok(over <= 0 && under <= 0.013, found);
      }
    });
  }
}

async function simulate(simulation: Simulation, seed: number): Promise<Outcome & { readonly found: string }> {
  const outcome = await simulateLeases(simulation);
  const { under, over, calls } = outcome;
  const found = `${percent(under)} under, ${percent(over)} over, ${calls.toFixed(4)} calls a request (seed ${seed})`;
  return { ...outcome, found };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
