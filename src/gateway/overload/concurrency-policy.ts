/**
 * How many requests a service is given at once. The gateway measures, tells of each tenth of a second, and keeps to the limit; what follows from
 * what was measured is the policy's.
 */
export interface ConcurrencyPolicy {
  /** Requests at once, over all upstreams, by this gateway process; at least 1. Infinity: no bound is known yet. */
  readonly limit: number;
  observe(window: LoadWindow): void;
}

/** @param gateways processes of this machine that share the service's upstreams */
export type CreateConcurrencyPolicy = (service: string, gateways: number) => ConcurrencyPolicy;

/** What a stretch of time showed, usually of 100 ms. A request counts from when it is given a place until the first byte of its answer. */
export interface LoadWindow {
  /** When it ended: epoch milliseconds, and the same for all gateway processes of a machine. */
  readonly now: number;
  readonly durationMs: number;
  /** Upstreams that take requests. */
  readonly upstreams: number;
  /** Answers below 500 whose first byte came in this time. */
  readonly answers: number;
  /** The sum of their times. */
  readonly answeredMs: number;
  /** Given up without an answer, by a time-out or as the client left: how many, and how long they had had their place. */
  readonly abandoned: number;
  readonly abandonedMs: number;
  /** All these by what was asked: those kinds of which there were any. */
  readonly kinds: readonly KindWindow[];
  /** Answers of 500 and above, and broken connections. */
  readonly failures: number;
  readonly maxInFlight: number;
  /** Somebody had to wait for a place, or was refused one. */
  readonly isContended: boolean;
}

/** What came in a window of requests of one kind; kinds are numbered from 0, and there are no more than 64. */
export interface KindWindow {
  readonly kind: number;
  readonly answers: number;
  readonly answeredMs: number;
  /** Of these answers, those to requests that found, when they were given their place, no more than one request at each upstream (their own included). */
  readonly quietAnswers: number;
  readonly quietMs: number;
  readonly abandoned: number;
  readonly abandonedMs: number;
}
