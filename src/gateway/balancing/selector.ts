import type { ResolvedBalance } from "../../config/index.ts";
import type { Selector, SelectorFactory } from "./candidate.ts";
import { consistentHash } from "./consistent-hash.ts";
import { ipHash } from "./ip-hash.ts";
import { leastConnections } from "./least-connections.ts";
import { p2cEwma } from "./p2c-ewma.ts";
import { roundRobin } from "./round-robin.ts";
import { smoothWeightedRoundRobin } from "./smooth-weighted-round-robin.ts";

const factories: Readonly<Record<ResolvedBalance["algorithm"], SelectorFactory>> = {
  "round-robin": roundRobin,
  "weighted-round-robin": smoothWeightedRoundRobin,
  "least-connections": leastConnections,
  "p2c-ewma": p2cEwma,
  "ip-hash": ipHash,
  "consistent-hash": consistentHash,
};

/** One selector per service: its state is about that service's upstreams. `random` draws from [0, 1). */
export function createSelector(balance: ResolvedBalance, random: () => number = Math.random): Selector {
  return factories[balance.algorithm](random);
}
