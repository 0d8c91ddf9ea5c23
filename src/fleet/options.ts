import type { ResolvedService } from "../config/index.ts";
import type { Backoff, Clock } from "../kernel/index.ts";
import type { CrashPolicy } from "./crash-loop.ts";
import type { ProcessLedger } from "./ledger.ts";
import type { Rotation } from "./rotation.ts";

export interface FleetOptions {
  readonly services: readonly ResolvedService[];
  /** Where the instances' logs are kept; made when missing. */
  readonly logDirectory: string;
  /** Path of the unix socket on which instances report. In a folder that only this user may enter; at most 103 bytes. */
  readonly controlSocket: string;
  readonly tuning?: Partial<FleetTuning>;
}

/** What the outside plugs in. */
export interface FleetDeps {
  /** The whole environment of an instance, but for what the fleet itself adds: `PORT`, `HOST`, `TENFOLD_*`, the service's `env`. */
  environment(service: string, instance: string): Readonly<Record<string, string>>;
  /** Remembers the processes for whoever must end them when this process is gone. */
  readonly ledger?: ProcessLedger;
  readonly rotation?: Rotation;
  readonly clock?: Clock;
  readonly random?: () => number;
}

export interface FleetTuning {
  readonly crash: CrashPolicy;
  /** Waits between attempts to replace an instance that is unhealthy. */
  readonly replacement: Backoff;
  /** An instance that never was ready has nothing to finish: it is killed so long after SIGTERM, or after its `drain` when that is less. */
  readonly startingGraceMs: number;
  readonly logs: LogTuning;
}

export interface LogTuning {
  /** A log file is rotated when it is larger … */
  readonly maxFileBytes: number;
  /** … and so many earlier ones are kept. */
  readonly keepFiles: number;
  /** How many of the last lines of an instance are kept in memory, and bytes of text in all of them. */
  readonly ringLines: number;
  readonly ringBytes: number;
  /** A longer line is cut into several. */
  readonly maxLineBytes: number;
  /** Output that comes faster than it can be shown is skipped when so much waits; the file has it all. */
  readonly maxBehindBytes: number;
}

export const fleetDefaults: FleetTuning = {
  crash: { crashes: 5, withinMs: 60_000, stableMs: 10_000, backoff: { baseMs: 200, maxMs: 30_000 } },
  replacement: { baseMs: 2_000, maxMs: 300_000 },
  startingGraceMs: 5_000,
  logs: {
    maxFileBytes: 10 * 1024 * 1024,
    keepFiles: 5,
    ringLines: 2_000,
    ringBytes: 1024 * 1024,
    maxLineBytes: 16 * 1024,
    maxBehindBytes: 1024 * 1024,
  },
};
