import { openDecider } from "../../../src/limits/open-decider.ts";
import type { LimitStoreAddress } from "../../../src/limits/stores/open-store.ts";
import type { CountedLimit, LimitDraw } from "../../../src/limits/decider.ts";

/** A process that asks again and again until it was let through or refused so often, and prints how often it was let through. */
const [address, limit, draw, decisions] = JSON.parse(process.argv[2]!) as CountingJob;

export type CountingJob = readonly [
  address: LimitStoreAddress,
  limit: CountedLimit,
  draw: Omit<LimitDraw, "limit">,
  decisions: number,
];

const decider = openDecider(address, () => 100);
let [admitted, decided] = [0, 0];
while (decided < decisions) {
  const crowd = Array.from({ length: 10 }, async () => decider.decide([{ ...draw, limit }]));
  for (const { verdict, isDecidedAway } of await Promise.all(crowd)) {
    // Not connected yet, or too slow a machine: that is not what is counted here.
    if (isDecidedAway) continue;
    decided++;
    if (verdict === "admitted") admitted++;
  }
  await new Promise((resolve) => setImmediate(resolve));
}
await decider.stop();
process.stdout.write(`${admitted}\n`);
