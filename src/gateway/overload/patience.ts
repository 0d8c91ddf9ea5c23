/**
 * How long it is worth to wait for a place. A queue that drains again and again absorbs bursts, and may be long. A queue that stands delays
 * everybody, and serves nobody more (Nichols and Jacobson: "Controlling queue delay", ACM Queue 2012; Maurer: "Fail at scale", ACM Queue 2015):
 * of such a one only a short piece is kept, and the others are told at once.
 */
export interface Patience {
  /** Of the config. */
  readonly queueTimeoutMs: number;
  /** Those of the highest priority are given time: they stand in line behind none but their own. */
  readonly isCritical: boolean;
  /** For so long somebody of this priority has always been waiting. */
  readonly standingMs: number;
}

export function patienceMs({ queueTimeoutMs, isCritical, standingMs }: Patience): number {
  if (isCritical) return standingMs > 2 * queueTimeoutMs ? queueTimeoutMs / 4 : queueTimeoutMs;
  return standingMs > queueTimeoutMs / 2 ? queueTimeoutMs / 10 : queueTimeoutMs;
}

/** How long one waits behind so many, as things go. 0, when nobody knows yet. */
export function expectedWaitMs(before: number, servedPerSecond: number): number {
  return servedPerSecond > 0 ? (before / servedPerSecond) * 1_000 : 0;
}

const longestRetryAfter = 60;

/** When the line will have been served, in whole seconds. */
export function retryAfterSeconds(waiting: number, servedPerSecond: number): number {
  const seconds = Math.ceil(expectedWaitMs(waiting + 1, servedPerSecond) / 1_000);
  return Math.min(longestRetryAfter, Math.max(1, seconds));
}
