/**
 * A latency estimate that is quick to believe bad news and slow to forget it: a sample above the estimate replaces it,
 * one below moves it by an exponentially weighted average whose weight depends on the time passed, not on the number of
 * samples. Between samples the estimate decays towards zero, so that an upstream that was avoided is tried again.
 *
 * Source: Finagle, `com.twitter.finagle.loadbalancer.p2c.P2CPeakEwma` ("Peak EWMA").
 */

/** Time constant of the decay, as in Finagle. */
const defaultTauMs = 10_000;

export class PeakEwma {
  readonly #tauMs: number;
  #estimateMs = 0;
  #observedAt = 0;

  constructor(tauMs: number = defaultTauMs) {
    this.#tauMs = tauMs;
  }

  /** Takes in how long an answer took. `now` is in milliseconds; one clock for all calls. */
  observe(latencyMs: number, now: number): void {
    const decayed = this.at(now);
    this.#estimateMs =
      latencyMs > decayed ? latencyMs : decayed + latencyMs * (1 - Math.exp(-this.#elapsed(now) / this.#tauMs));
    this.#observedAt = now;
  }

  /** The estimate at this moment, milliseconds; 0 when nothing was observed yet. */
  at(now: number): number {
    return this.#estimateMs === 0 ? 0 : this.#estimateMs * Math.exp(-this.#elapsed(now) / this.#tauMs);
  }

  #elapsed(now: number): number {
    return Math.max(0, now - this.#observedAt);
  }
}
