/** Where everything happens: the proxy has a core for itself, the load and the origin share the other. */
export const proxyCore = 0;
export const loadCore = 1;

/** What clients name, so that all proxies add fields of the same length for it. */
export const host = "bench.test";

/** What a proxy forwards to: one origin, reached in two ways. */
export interface Upstream {
  readonly port: number;
  readonly socketPath: string;
}

/** What rows are measured with. */
export interface BenchSite {
  readonly upstream: Upstream;
  readonly rounds: number;
  readonly seconds: number;
  /** Of the row that shows what stays the same over time. */
  readonly steadySeconds: number;
  readonly connections: number;
  readonly idleConnections: number;
  readonly log: (line: string) => void;
}
