/** Of what has been of late: the older counts for less. */
export interface RunningMean {
  readonly value: number;
  /** Of how much it is made, up to a bound. */
  readonly weight: number;
}

export const noMean: RunningMean = { value: 0, weight: 0 };

export function addToMean(mean: RunningMean, latest: RunningMean, bound: number): RunningMean {
  const weight = Math.min(bound, mean.weight + latest.weight);
  if (weight === 0) return mean;
  const share = Math.min(1, latest.weight / weight);
  return { value: mean.value + share * (latest.value - mean.value), weight };
}
