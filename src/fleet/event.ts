/** Something that happened in the fleet, for people and for logs. */
export interface FleetEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly service: string;
  /** Not given: it concerns the service. */
  readonly instance?: string;
  readonly type: FleetEventType;
  /** One line for people. */
  readonly message: string;
  readonly level: "info" | "warn" | "error";
}

export type FleetEventType =
  | "started"
  | "ready"
  | "crashed"
  | "failed"
  | "unhealthy"
  | "healthy"
  | "replacing"
  | "not-replaced"
  | "draining"
  | "killed"
  | "stopped"
  | "scaled"
  | "reloaded";

export type EmitEvent = (event: Omit<FleetEvent, "at" | "level"> & { readonly level?: FleetEvent["level"] }) => void;
