/** What the load generator is told: its only argument, as JSON. */
export interface LoadPlan {
  readonly port: number;
  readonly seconds: number;
  readonly timeoutMs: number;
  readonly streams: readonly LoadStream[];
  readonly seed: number;
}

/** Who asks for one thing. */
export interface LoadStream {
  readonly path: string;
  /** Fields beyond `Host`, each with its line end. */
  readonly fields?: string;
  /** Open loop: so many are sent a second, by chance, whatever comes back. */
  readonly perSecond?: number;
  /** Closed loop: so many at once, each as soon as the one before is answered. */
  readonly atOnce?: number;
  /** What is refused or not answered in time is sent again at once, so often. */
  readonly retries?: number;
}

/** Of one stream. */
export interface StreamResult {
  /** By the second in which a request was to be sent. */
  readonly asked: readonly number[];
  /** Answered 200 within the time-out, counted from when the request was to be sent. */
  readonly answered: readonly number[];
  readonly refused: number;
  readonly timedOut: number;
  /** Neither 200 nor 503, and broken connections. */
  readonly failed: number;
  readonly answeredMs: Quantiles;
  /** From when it was written until a 503 was there. */
  readonly refusedMs: Quantiles;
}

export interface Quantiles {
  readonly p50: number;
  readonly p99: number;
}
