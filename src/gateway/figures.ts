import type { CacheFigures, CacheOutcome } from "./cache-port.ts";
import type { HistogramFigures } from "./histogram.ts";
import type { LimitFigures } from "./limits-port.ts";
import type { Priority } from "../config/index.ts";

/** What one gateway process has counted since it started; plain data, for the platform to add up and expose. */
export interface GatewayFigures {
  readonly snapshotVersion: number;
  /** Open connections of clients. */
  readonly connections: number;
  /** Requests that have begun and not ended; upgraded connections are not among them. */
  readonly active: number;
  readonly services: Readonly<Record<string, ServiceFigures>>;
  /** Answered without a service: bad requests, unknown routes. Status → requests. */
  readonly unrouted: Readonly<Record<string, number>>;
  readonly paths: PathFigures;
  /** What is stored; `undefined`: there is no cache. */
  readonly cache: CacheFigures | undefined;
  /** `undefined`: nothing counts requests. */
  readonly limits: LimitFigures | undefined;
  /** Access log lines lost because the disk did not keep up. */
  readonly accessLogDropped: number;
}

/** Which way requests took. */
export interface PathFigures {
  /** Requests served on raw sockets. */
  readonly fast: number;
  /** Requests served by Node's HTTP server. */
  readonly full: number;
  /** Connections given from the fast path to the full one: reason → connections. */
  readonly handedOver: Readonly<Record<string, number>>;
}

export interface ServiceFigures {
  /** Status → requests. 499: the client left before the answer. */
  readonly requests: Readonly<Record<string, number>>;
  readonly durations: HistogramFigures;
  /** Attempts beyond the first. */
  readonly retries: number;
  /** Requests taken from an upstream that hung or left, and given to another. */
  readonly moved: number;
  /** Refused because every upstream was at its circuit limits. */
  readonly shed: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Requests that the cache was asked about, by what came of it. */
  readonly cached: Readonly<Record<CacheOutcome, number>>;
  /** `undefined`: all that it is asked is passed on. */
  readonly overload: OverloadFigures | undefined;
  /** Fewer than half of the upstreams are in rotation, so all are used. */
  readonly isPanicking: boolean;
  readonly upstreams: readonly UpstreamFigures[];
}

/** Of the gates of a service and its routes. */
export interface OverloadFigures {
  /** Requests at once, by this gateway process; `undefined`: there is no bound yet. */
  readonly limit: number | undefined;
  /** Requests that have a place now. */
  readonly inFlight: number;
  /** Requests that wait for one. */
  readonly waiting: number;
  /** Requests that were turned away, and so demand that was not met. */
  readonly shed: Readonly<Record<Priority, number>>;
  /** Which share of the requests that the service can do less for it is told to, 0 to 1. */
  readonly brownout: number;
}

export interface UpstreamFigures {
  readonly id: string;
  readonly state: "ready" | "draining";
  readonly healthy: boolean;
  readonly ejected: boolean;
  /** Requests may share connections to it, as it answers at an even pace. */
  readonly shared: boolean;
  readonly inFlight: number;
  /** Upgraded connections. */
  readonly tunnels: number;
  /** Open connections to it. */
  readonly connections: number;
  readonly requests: number;
  readonly failures: number;
  readonly ejections: number;
  /** Peak EWMA of the time to the answer's head. */
  readonly latencyMs: number;
}

/** Counts by status code, without a map on the way of a request. */
export class StatusCounts {
  readonly #counts = new Float64Array(1_000);

  count(status: number): void {
    this.#counts[status]!++;
  }

  figures(): Record<string, number> {
    const figures: Record<string, number> = {};
    for (let status = 100; status < 1_000; status++) {
      if (this.#counts[status]! > 0) figures[status] = this.#counts[status]!;
    }
    return figures;
  }
}

/** Counts by path. Both paths keep it current themselves. */
export class PathCounts {
  /** On the fast path, begun and not ended. */
  active = 0;
  fast = 0;
  full = 0;
  readonly #handedOver = new Map<string, number>();

  handOver(reason: string): void {
    this.#handedOver.set(reason, (this.#handedOver.get(reason) ?? 0) + 1);
  }

  figures(): PathFigures {
    return { fast: this.fast, full: this.full, handedOver: Object.fromEntries(this.#handedOver) };
  }
}
