import type { Site } from "../support/site.ts";
import type { RunningContender } from "../support/throughput.ts";
import type { Origin } from "./origin.ts";

/** What rows are measured with. */
export interface CacheSite extends Site {
  readonly origin: Origin;
  /** Of the mixes whose hits are counted. */
  readonly traceRequests: number;
  /** Of the row about memory. */
  readonly objects: number;
}

export interface RunningCache extends RunningContender {
  /** It is no cache, and answers everything as it did the first request. */
  readonly hasOneAnswer?: boolean;
  /** Makes it keep its limit at once, if by itself it would do so only later. */
  readonly keepLimit?: () => Promise<void>;
  /** Bytes that it holds, as it counts them. */
  readonly heldBytes?: () => Promise<number>;
}

/** What caches are started for. */
export interface Caching {
  /** The origin's. */
  readonly port: number;
  /** Default: more than is ever stored. */
  readonly cacheBytes?: number;
}

/** How one contender is started, anew in each round. */
export type Start = (caching: Caching) => Promise<RunningCache>;

export const amplyBytes = 2 ** 30;
