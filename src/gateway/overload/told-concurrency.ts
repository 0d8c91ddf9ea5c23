import type { ConcurrencyPolicy, LoadWindow } from "./concurrency-policy.ts";

/** What one gateway process has measured of a service. */
export interface LoadReport {
  readonly service: string;
  readonly window: LoadWindow;
  /** Which it keeps to: a policy that was made anew knows nothing of what its predecessor was told. */
  readonly limit: number;
}

/**
 * Limits that are decided for all gateway processes of a machine together: what this one measures is told, and what it is told is kept to. When nobody decides
 * any more, the last word holds.
 */
export class ToldConcurrency {
  readonly #policies = new Map<string, ToldPolicy>();
  readonly #tell: (report: LoadReport) => void;

  constructor(tell: (report: LoadReport) => void) {
    this.#tell = tell;
  }

  /** @param limit until there is a word */
  create(service: string, limit: number): ConcurrencyPolicy {
    const policy = new ToldPolicy(limit, (window) => this.#tell({ service, window, limit: policy.limit }));
    this.#policies.set(service, policy);
    return policy;
  }

  hear(service: string, limit: number): void {
    const policy = this.#policies.get(service);
    if (policy !== undefined) policy.limit = limit;
  }
}

class ToldPolicy implements ConcurrencyPolicy {
  limit: number;
  readonly #tell: (window: LoadWindow) => void;
  #isIdle = true;

  constructor(limit: number, tell: (window: LoadWindow) => void) {
    this.limit = limit;
    this.#tell = tell;
  }

  /** That nothing happens is told once. */
  observe(window: LoadWindow): void {
    const wasIdle = this.#isIdle;
    this.#isIdle = window.maxInFlight === 0 && window.kinds.length === 0 && !window.isContended;
    if (!wasIdle || !this.#isIdle) this.#tell(window);
  }
}
