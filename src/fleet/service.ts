import type { FleetUpstream } from "./upstream.ts";
import type { ServiceStatus } from "./status.ts";

/** A service as the fleet sees it, wherever it runs. */
export interface Service {
  readonly name: string;
  /** Resolves when its minimum is ready. */
  start(signal: AbortSignal): Promise<void>;
  /** Ends what it has started, also in the middle of its start. */
  stop(reason: Error): Promise<void>;
  status(): ServiceStatus;
  upstreams(): FleetUpstream[];
}
