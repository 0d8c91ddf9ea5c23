/**
 * Which instances go when fewer are wanted: those that serve nobody first, then the newest. The oldest have the warmest caches and the best
 * optimised code, and a fleet that was scaled up for an hour goes back to the instances it had before.
 */
export interface ScaleDownCandidate {
  readonly isReady: boolean;
  readonly isHealthy: boolean;
  /** Grows with each instance that was started. */
  readonly age: number;
}

export function chooseLeaving<T extends ScaleDownCandidate>(instances: readonly T[], count: number): T[] {
  return instances.toSorted((a, b) => usefulness(a) - usefulness(b) || b.age - a.age).slice(0, count);
}

function usefulness({ isReady, isHealthy }: ScaleDownCandidate): number {
  return isReady ? (isHealthy ? 2 : 1) : 0;
}
