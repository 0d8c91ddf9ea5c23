/**
 * What a preloaded Node process tells the fleet: JSON lines over the unix socket `TENFOLD_CONTROL`. One way only: the instance speaks, the fleet
 * listens, so that an instance never waits for the platform.
 */
export type InstanceMessage = HelloMessage | ListeningMessage | ClosedMessage | FiguresMessage;

export interface HelloMessage {
  readonly type: "hello";
  /** Value of `TENFOLD_INSTANCE`. */
  readonly instance: string;
  readonly pid: number;
}

/** The HTTP server on `PORT` also answers on this unix socket. */
export interface ListeningMessage {
  readonly type: "listening";
  readonly port: number;
  readonly socketPath: string;
}

/** The HTTP server no longer accepts connections. */
export interface ClosedMessage {
  readonly type: "closed";
}

/** Once a second. */
export interface FiguresMessage {
  readonly type: "figures";
  readonly figures: ProcessFigures;
}

export interface ProcessFigures {
  /** Share of the last second that the event loop was busy, 0 to 1. */
  readonly eventLoopUtilization: number;
  /** 99th percentile of the event loop's delay in the last second, milliseconds. */
  readonly eventLoopDelayP99Ms: number;
  /** Share of one core used in the last second; may exceed 1. */
  readonly cpu: number;
  readonly rssBytes: number;
  readonly heapUsedBytes: number;
  readonly heapTotalBytes: number;
  /** Garbage collection in the last second: milliseconds. */
  readonly gcMs: number;
}
