/** What the process's exit code says; documented in docs/reference/cli.md. */
export const exitCodes = {
  ok: 0,
  /** The work failed. */
  failed: 1,
  /** Wrong usage or a wrong config: nothing was started or changed. */
  invalid: 2,
  /** No platform runs for this project. */
  notRunning: 3,
  /** `doctor` found something that needs a fix. */
  unhealthy: 4,
  /** Not every gateway has confirmed a purge, or another rate of a limit. */
  incomplete: 5,
  /** Ended by Ctrl-C before the work was done. */
  interrupted: 130,
} as const;

const byErrorCode: Readonly<Record<string, number>> = {
  CONFIG_INVALID: exitCodes.invalid,
  CONTROL_NOT_RUNNING: exitCodes.notRunning,
  CACHE_PURGE_INVALID: exitCodes.invalid,
  CACHE_PURGE_INCOMPLETE: exitCodes.incomplete,
  LIMIT_CHANGE_UNKNOWN: exitCodes.invalid,
  LIMIT_CHANGE_AMBIGUOUS: exitCodes.invalid,
  LIMIT_CHANGE_INVALID: exitCodes.invalid,
  LIMIT_CHANGE_INCOMPLETE: exitCodes.incomplete,
};

export function exitCodeOf(errorCode: string): number {
  return byErrorCode[errorCode] ?? (errorCode.startsWith("CONFIG_") ? exitCodes.invalid : exitCodes.failed);
}
