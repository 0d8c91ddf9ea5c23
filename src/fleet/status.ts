import type { ProcessFigures } from "./instance/protocol.ts";
import type { InstanceState } from "./instance-state.ts";

/** What `tenfold status` shows of a service; plain data. */
export interface ServiceStatus {
  readonly name: string;
  /** `urls`: runs elsewhere. `static`: files, which the gateways serve. */
  readonly kind: "command" | "urls" | "static";
  /** Of `static`, where they are. */
  readonly directory?: string;
  /** How many instances there should be, and the bounds of that. */
  readonly desired: number;
  readonly min: number;
  readonly max: number;
  readonly instances: readonly InstanceStatus[];
}

export interface InstanceStatus {
  readonly id: string;
  readonly state: InstanceState;
  /** `false` also while it is not ready. */
  readonly healthy: boolean;
  /** Why it is not healthy, or not running. */
  readonly reason?: string;
  readonly pid?: number;
  readonly port?: number;
  /** `"127.0.0.1:4001"`; empty while it has none. */
  readonly address: string;
  /** Epoch milliseconds at which it came into this state. */
  readonly since: number;
  readonly restarts: number;
  readonly figures?: ProcessFigures;
  readonly lastExit?: LastExit;
}

export interface LastExit {
  /** Epoch milliseconds. */
  readonly at: number;
  /** `"exit code 1"`, `"killed by SIGKILL"`. */
  readonly how: string;
}
