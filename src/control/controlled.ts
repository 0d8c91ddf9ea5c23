import type { ExplainedValue } from "../config/index.ts";
import type { LogFilter, LogLine } from "../fleet/index.ts";
import type { GatewayFigures } from "../gateway/index.ts";
import type {
  AdjustmentRequest,
  KeptAdjustment,
  LimitsReport,
  PlatformEvent,
  PlatformStatus,
  PurgeReport,
  PurgeRequest,
  ResetRequest,
} from "../platform/index.ts";

/** What the control API needs of a platform. */
export interface Controlled {
  status(): Promise<PlatformStatus>;
  explain(): readonly ExplainedValue[];
  /** By gateway, what it has counted since it started; one that does not answer is missing. */
  gatewayFigures(): Promise<ReadonlyMap<string, GatewayFigures>>;
  /** Prometheus text format 0.0.4. */
  metrics(): Promise<string>;
  scale(service: string, instances: number): Promise<void>;
  /** Reads the config again, then replaces the instances of one service, or of all. */
  reload(service?: string): Promise<void>;
  /** Resolves when no gateway serves any more what is to be purged. */
  purge(request: PurgeRequest): Promise<PurgeReport>;
  readonly limits: ControlledLimits;
  /** Begins the end; whoever runs the platform carries it out. */
  requestStop(): void;
  /** The last lines, oldest first. */
  logs(filter: LogFilter, lines: number): readonly LogLine[];
  /** Both return how to unsubscribe. */
  onLog(filter: LogFilter, listener: (line: LogLine) => void): () => void;
  onEvent(listener: (event: PlatformEvent) => void): () => void;
}

export interface ControlledLimits {
  report(): Promise<LimitsReport>;
  /** Both resolve when every gateway goes by it. */
  adjust(request: AdjustmentRequest): Promise<KeptAdjustment>;
  /** What was adjusted at runtime, taken back: what that was. */
  reset(request: ResetRequest): Promise<readonly KeptAdjustment[]>;
}

export interface LogQuery extends LogFilter {
  readonly lines: number;
  readonly follow: boolean;
}
