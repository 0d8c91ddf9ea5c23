/** Places below `count`, by Zipf's law: the first comes most often. @param random between 0 and 1, the only chance there is in it */
export function zipfDraws(count: number, exponent: number, random: () => number): () => number {
  const sums = sumsOf(count, exponent);
  return () => firstAtLeast(sums, random() * sums.at(-1)!);
}

function sumsOf(count: number, exponent: number): number[] {
  let sum = 0;
  return Array.from({ length: count }, (_, i) => (sum += 1 / (i + 1) ** exponent));
}

function firstAtLeast(sums: readonly number[], wanted: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
