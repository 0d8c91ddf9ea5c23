import { type Dispatcher, Pool } from "undici";
import type { Candidate } from "./balancing/candidate.ts";
import { PeakEwma } from "./balancing/peak-ewma.ts";
import { warmthAt } from "./balancing/slow-start.ts";
import type { UpstreamFigures } from "./figures.ts";
import { completeDispatch } from "./complete-dispatch.ts";
import { createOutlierRecord, isEjected, type OutlierRecord, type Standing } from "./resilience/outlier-ejection.ts";
import type { UpstreamSnapshot } from "./snapshot.ts";

/** Answer heads larger than this are a broken upstream's. */
const maxAnswerHeadBytes = 64 * 1024;

/** What undici has too many spellings for, cut to what an attempt sends. */
export interface UpstreamRequest {
  readonly method: string;
  readonly path: string;
  /** Name, value, name, value. */
  readonly headers: string[];
  readonly body: Dispatcher.DispatchOptions["body"];
  /** Protocol to switch to. */
  readonly upgrade: string | null;
}

/** One upstream of the current snapshot: its connections and its figures. Outlives snapshots that leave its address alone. */
export class Upstream implements Candidate, Standing {
  readonly id: string;
  readonly origin: string;
  readonly socketPath: string | undefined;
  index = 0;
  weight = 1;
  warmth = 1;
  /** Requests and upgraded connections. */
  inFlight = 0;
  /** Upgraded connections alone. */
  tunnels = 0;
  /** Dispatched, but not yet written to a connection. */
  pending = 0;
  healthy = true;
  draining = false;
  /** No longer in the snapshot. */
  isGone = false;
  readonly peakEwma = new PeakEwma();
  readonly outlier: OutlierRecord = createOutlierRecord();
  requests = 0;
  failures = 0;
  ejections = 0;
  #readyAt = 0;
  #connectMs: number;
  #pool: Pool;

  constructor(snapshot: UpstreamSnapshot, connectMs: number) {
    this.id = snapshot.id;
    this.origin = snapshot.origin;
    this.socketPath = snapshot.socketPath;
    this.#connectMs = connectMs;
    this.#pool = this.#createPool();
  }

  /** Takes over what may change while the address stays. */
  apply(snapshot: UpstreamSnapshot, index: number, connectMs: number): void {
    this.index = index;
    this.weight = snapshot.weight;
    this.healthy = snapshot.healthy;
    this.draining = snapshot.state === "draining";
    this.#readyAt = snapshot.readyAt;
    this.isGone = false;
    if (connectMs === this.#connectMs) return;
    this.#connectMs = connectMs;
    const before = this.#pool;
    this.#pool = this.#createPool();
    void before.close();
  }

  isAt(snapshot: UpstreamSnapshot): boolean {
    return this.origin === snapshot.origin && this.socketPath === snapshot.socketPath;
  }

  /** @param now epoch milliseconds */
  warm(now: number): void {
    this.warmth = warmthAt(this.#readyAt, now);
  }

  /** Requests that hold it; upgraded connections do not. */
  get requestsInFlight(): number {
    return this.inFlight - this.tunnels;
  }

  /** Requests that wait for a connection: those not written yet, less the connections that are about to take them. */
  get waiting(): number {
    if (this.pending === 0) return 0;
    return Math.max(0, Math.min(this.pending, this.requestsInFlight - this.#pool.stats.connected));
  }

  dispatch(request: UpstreamRequest, handler: Dispatcher.DispatchHandler): void {
    this.#pool.dispatch(request as Dispatcher.DispatchOptions, handler);
  }

  /** For what undici cannot send; a connection of its own. */
  dispatchComplete(
    request: UpstreamRequest,
    trailers: () => readonly string[],
    handler: Dispatcher.DispatchHandler,
  ): void {
    completeDispatch(this, request, trailers, handler);
  }

  figures(now: number): UpstreamFigures {
    return {
      id: this.id,
      state: this.draining ? "draining" : "ready",
      healthy: this.healthy,
      ejected: isEjected(this.outlier, now),
      inFlight: this.requestsInFlight,
      tunnels: this.tunnels,
      connections: this.#pool.stats.connected,
      requests: this.requests,
      failures: this.failures,
      ejections: this.ejections,
      latencyMs: this.peakEwma.at(now),
    };
  }

  /** Ends idle connections; those in use when they are free. */
  async close(): Promise<void> {
    this.isGone = true;
    if (!this.#pool.closed && !this.#pool.destroyed) await this.#pool.close();
  }

  /** Ends all connections at once. */
  async destroy(): Promise<void> {
    this.isGone = true;
    if (!this.#pool.destroyed) await this.#pool.destroy();
  }

  #createPool(): Pool {
    return new Pool(this.origin, {
      ...(this.socketPath === undefined ? {} : { socketPath: this.socketPath }),
      connectTimeout: this.#connectMs,
      // The gateway watches over all its exchanges with one clock (deadlines.ts): no timers per request.
      headersTimeout: 0,
      bodyTimeout: 0,
      maxHeaderSize: maxAnswerHeadBytes,
      allowH2: false,
      pipelining: 1,
    });
  }
}
