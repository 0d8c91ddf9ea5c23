import type { Site } from "../support/site.ts";

/** What a proxy forwards to: one origin, reached in two ways. */
export interface Upstream {
  readonly port: number;
  readonly socketPath: string;
}

/** What rows are measured with. */
export interface BenchSite extends Site {
  readonly upstream: Upstream;
  /** Of the row that shows what stays the same over time. */
  readonly steadySeconds: number;
  readonly idleConnections: number;
}
