/** Where everything happens: who is measured has a core for itself, the load and the origin share the other. */
export const proxyCore = 0;
export const loadCore = 1;

/** What clients name, so that all add fields of the same length for it. */
export const host = "bench.test";

/** What rows are measured with. */
export interface Site {
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
  readonly log: (line: string) => void;
}
