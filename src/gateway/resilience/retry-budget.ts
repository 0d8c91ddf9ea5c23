/**
 * Retries help when one upstream fails, and finish off a service when all do. So a service has a budget: within the last ten
 * seconds, retries may be a share of the requests (20 %), plus three, so that a quiet service can retry at all. When
 * everything fails, the load grows by that share at most, not by the number of attempts.
 *
 * Ten buckets of one second form a ring, with running totals: both calls cost the same whatever the traffic, and allocate
 * nothing. The window is therefore nine to ten seconds long.
 *
 * Sources: Finagle, `RetryBudget`; Envoy, `RetryBudget` (budget_percent, min_retry_concurrency).
 */
const bucketMs = 1_000;
const bucketCount = 10;
const alwaysAllowed = 3;

export class RetryBudget {
  readonly #share: number;
  readonly #requests = new Uint32Array(bucketCount);
  readonly #retries = new Uint32Array(bucketCount);
  #requestsInWindow = 0;
  #retriesInWindow = 0;
  #second = 0;
  #bucket = 0;

  /** @param share of retries to requests, 0 to 1 */
  constructor(share: number) {
    this.#share = share;
  }

  /** Once for each request, not for its retries. `now` in milliseconds; one clock for all calls. */
  recordRequest(now: number): void {
    this.#advance(now);
    this.#requests[this.#bucket]!++;
    this.#requestsInWindow++;
  }

  /** Takes one retry from the budget; `false`: there is none left. */
  tryRetry(now: number): boolean {
    this.#advance(now);
    if (this.#retriesInWindow + 1 > this.#requestsInWindow * this.#share + alwaysAllowed) return false;
    this.#retries[this.#bucket]!++;
    this.#retriesInWindow++;
    return true;
  }

  /** Forgets the seconds that have left the window. A clock that goes back is taken to stand still. */
  #advance(now: number): void {
    const second = Math.floor(now / bucketMs);
    const passed = second - this.#second;
    if (passed <= 0) return;
    this.#second = second;
    for (let i = Math.min(passed, bucketCount); i > 0; i--) {
      this.#bucket = (this.#bucket + 1) % bucketCount;
      this.#requestsInWindow -= this.#requests[this.#bucket]!;
      this.#retriesInWindow -= this.#retries[this.#bucket]!;
      this.#requests[this.#bucket] = 0;
      this.#retries[this.#bucket] = 0;
    }
  }
}
