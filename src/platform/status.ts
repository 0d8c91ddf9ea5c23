import type { NodeStatus } from "../engines/index.ts";
import type { ServiceStatus } from "../fleet/index.ts";

/** What `tenfold status` shows; plain data. */
export interface PlatformStatus {
  readonly name: string;
  /** Folder of the config file. */
  readonly root: string;
  readonly pid: number;
  readonly state: PlatformState;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  /** `undefined` until the services are ready. */
  readonly url: string | undefined;
  readonly gateways: readonly GatewayStatus[];
  readonly services: readonly RoutedServiceStatus[];
  readonly database: DatabaseStatus;
}

export interface RoutedServiceStatus extends ServiceStatus {
  /** As text: `"/api/*"`. Empty: other services only. */
  readonly routes: readonly string[];
}

export type PlatformState = "stopped" | "starting" | "ready" | "stopping";

export interface GatewayStatus {
  readonly id: string;
  readonly pid: number | undefined;
  readonly state: "starting" | "ready" | "draining" | "stopped";
  readonly snapshot: number;
  readonly restarts: number;
}

export type DatabaseStatus =
  | { readonly kind: "none" }
  | { readonly kind: "external"; readonly version: string }
  | { readonly kind: "embedded"; readonly nodes: readonly NodeStatus[] };

export type EventSource = "platform" | "gateway" | "fleet" | "engines" | "setup";

/** Something that happened, for people and for `--json`. */
export interface PlatformEvent {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly source: EventSource;
  /** A stable name: `"ready"`, `"crashed"`. */
  readonly type: string;
  /** One line for people. */
  readonly message: string;
  readonly service?: string;
  readonly instance?: string;
  readonly level: "info" | "warn" | "error";
}
