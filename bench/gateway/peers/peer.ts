import type { RunningContender } from "../../support/throughput.ts";
import type { Upstream } from "../bench-site.ts";

/** How one contender is started, anew in each round. */
export type Start = (upstream: Upstream) => Promise<RunningContender>;
