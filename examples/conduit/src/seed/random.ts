/** Chance that repeats itself: the same seed gives the same numbers on every machine. */
export interface Random {
  /** From 0 to below 1. */
  next(): number;
  /** From 0 to below `n`. */
  below(n: number): number;
  /** From `min` to `max`, both included. */
  between(min: number, max: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** sfc32 from PractRand by Chris Doty-Humphrey, with its first outputs thrown away to mix the seed in. */
export function createRandom(seed: number): Random {
  let [a, b, c, counter] = [0x9e37_79b9, 0x243f_6a88, seed | 0, 1];
  function next(): number {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  }
  for (let i = 0; i < 15; i++) next();

  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    between: (min, max) => min + below(max - min + 1),
    pick: (choices) => choices[below(choices.length)]!,
  };
}

/**
 * Draws ranks from 0 to below `n` as Zipf's law has it: rank k comes 1 / (k + 1)^exponent as often as rank 0.
 */
export function createZipf(random: Random, n: number, exponent: number): () => number {
  const cumulative = new Float64Array(n);
  let total = 0;
  for (let rank = 0; rank < n; rank++) cumulative[rank] = total += (rank + 1) ** -exponent;

  return () => {
    const target = random.next() * total;
    let [low, high] = [0, n - 1];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (cumulative[middle]! > target) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

/** The numbers from 0 to below `n` in an order of chance (Fisher and Yates). */
export function shuffled(random: Random, n: number): Uint32Array {
  const order = Uint32Array.from({ length: n }, (_, i) => i);
  for (let i = n - 1; i > 0; i--) {
    const j = random.below(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
