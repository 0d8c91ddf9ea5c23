/** What clients ask for, one after the other. */
export interface TraceRequest {
  readonly path: string;
  /** Of the answer's body. */
  readonly bytes: number;
  /** By one who reads everything once, and whose requests nobody can expect to hit. */
  readonly isScan: boolean;
}

export interface Trace {
  readonly requests: readonly TraceRequest[];
  /** Only from this one on is counted: before, caches fill. */
  readonly countedFrom: number;
  /** Of all that is asked for again and again. */
  readonly bytes: number;
}
