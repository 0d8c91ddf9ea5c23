import type { Upstream } from "../gateway/bench-site.ts";
import type { Site } from "../support/site.ts";
import type { RedisServer } from "./redis-server.ts";

/** What rows are measured with. */
export interface LimitsSite extends Site {
  readonly redis: RedisServer;
  /** Behind the gateway. */
  readonly upstream: Upstream;
  /** Of the rows that look what is let through. */
  readonly accuracySeconds: number;
  /** Of the row about memory. */
  readonly keys: number;
}
