/** What a gateway is told of an instance, or of a URL. Plain data. */
export interface FleetUpstream {
  /** Unique over all services: `"api-1"`. */
  readonly id: string;
  /** `"http://127.0.0.1:4001"`. */
  readonly origin: string;
  /** Reached by this unix socket rather than by TCP. */
  readonly socketPath?: string;
  readonly weight: number;
  /** `draining`: gets no new request, finishes what it has. */
  readonly state: "ready" | "draining";
  /** The verdict of the active health checks. */
  readonly healthy: boolean;
  /** Epoch milliseconds at which it became ready. */
  readonly readyAt: number;
}
