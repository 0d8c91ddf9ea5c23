import { type Dispatcher, Pool } from "undici";
import type { Candidate } from "./balancing/candidate.ts";
import { type Address, type AnswerTaker, ConnectionPool, type UpstreamConnection } from "../http/index.ts";
import { PeakEwma } from "./balancing/peak-ewma.ts";
import { warmthAt } from "./balancing/slow-start.ts";
import type { UpstreamFigures } from "./figures.ts";
import { completeDispatch } from "./complete-dispatch.ts";
import { Pace } from "./fast/sharing.ts";
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
  /** Requests that have their place here. */
  places = 0;
  /** Its share of the places of its service. */
  maxPlaces = Infinity;
  /** No longer in the snapshot. */
  isGone = false;
  readonly peakEwma = new PeakEwma();
  readonly outlier: OutlierRecord = createOutlierRecord();
  requests = 0;
  failures = 0;
  ejections = 0;
  readonly pace = new Pace();
  #readyAt = 0;
  #connectMs: number;
  #pool: Pool;
  /** The fast path's. */
  readonly #connections: ConnectionPool;

  constructor(snapshot: UpstreamSnapshot, connectMs: number) {
    this.id = snapshot.id;
    this.origin = snapshot.origin;
    this.socketPath = snapshot.socketPath;
    this.#connectMs = connectMs;
    this.#pool = this.#createPool();
    this.#connections = new ConnectionPool(this.#address());
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

  takePlace(): void {
    this.places++;
  }

  leavePlace(): void {
    this.places--;
  }

  /** Requests that wait for a connection: those not written yet, less the connections that are about to take them. */
  get waiting(): number {
    if (this.pending === 0) return 0;
    const connected = this.#pool.stats.connected + this.#connections.connected;
    return Math.max(0, Math.min(this.pending, this.requestsInFlight - connected));
  }

  /** Sends a request of the fast path; its connection is to be released. @param text the request, or its beginning, as latin1 */
  send(taker: AnswerTaker, text: string, kind: "ordinary" | "fresh" | "shared"): UpstreamConnection {
    const connection =
      kind === "shared"
        ? this.#connections.sendShared(taker, text)
        : this.#connections.send(taker, text, kind === "fresh");
    this.requests++;
    this.inFlight++;
    if (connection.isPending) this.pending++;
    return connection;
  }

  /** A connection that was pending has been made. */
  onConnected(): void {
    this.pending--;
  }

  /** The request is over, however it ended. */
  release(connection: UpstreamConnection): void {
    this.inFlight--;
    if (connection.isPending) this.pending--;
    this.#connections.give(connection);
  }

  /** The time to an answer's head. @param now epoch milliseconds */
  recordLatency(ms: number, now: number): void {
    this.peakEwma.observe(ms, now);
    this.pace.observe(ms);
  }

  /** Requests may share a connection to it. */
  get isShared(): boolean {
    return this.socketPath !== undefined && this.pace.isEven;
  }

  /** Ten times a second. @param now epoch milliseconds */
  look(now: number): void {
    if (this.warmth < 1) this.warm(now);
    this.#connections.sweep(performance.now());
    this.pace.look();
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
      shared: this.isShared,
      inFlight: this.requestsInFlight,
      tunnels: this.tunnels,
      connections: this.#pool.stats.connected + this.#connections.size,
      requests: this.requests,
      failures: this.failures,
      ejections: this.ejections,
      latencyMs: this.peakEwma.at(now),
    };
  }

  /** Ends idle connections; those in use when they are free. */
  async close(): Promise<void> {
    this.isGone = true;
    this.#connections.close();
    if (!this.#pool.closed && !this.#pool.destroyed) await this.#pool.close();
  }

  /** Ends all connections at once. */
  async destroy(): Promise<void> {
    this.isGone = true;
    this.#connections.destroy();
    if (!this.#pool.destroyed) await this.#pool.destroy();
  }

  #address(): Address {
    if (this.socketPath !== undefined) return { path: this.socketPath };
    const { hostname, port } = new URL(this.origin);
    return { host: hostname.replace(/^\[|\]$/g, ""), port: port === "" ? 80 : Number(port) };
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
