/**
 * The verdict of the health checks. It takes several answers in a row to change it, in either direction, so that one lost packet does not
 * move traffic, and an instance that flaps does not get it back at once.
 */
export interface HealthState {
  readonly healthy: boolean;
  /** How many answers in a row have disagreed with the verdict. */
  readonly against: number;
}

export interface HealthThresholds {
  /** So many failures in a row: unhealthy. */
  readonly failures: number;
  /** So many successes in a row: healthy again. */
  readonly successes: number;
}

/** An instance that has just become ready is healthy: it has answered. */
export const healthyState: HealthState = { healthy: true, against: 0 };

export function observeHealth(state: HealthState, isOk: boolean, thresholds: HealthThresholds): HealthState {
  if (isOk === state.healthy) return state.against === 0 ? state : { healthy: state.healthy, against: 0 };
  const against = state.against + 1;
  const needed = state.healthy ? thresholds.failures : thresholds.successes;
  return against >= needed ? { healthy: !state.healthy, against: 0 } : { healthy: state.healthy, against };
}
