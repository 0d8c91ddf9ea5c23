const cells = 4096;

export function createSeed(random: () => number): number {
  return Math.floor(random() * 2 ** 32);
}

/**
 * In which of the cells that callers share somebody is counted for whom there is no room. As nobody else knows the seed, he cannot choose it; and
 * which it is, no other process needs to know. FNV-1a over UTF-16 units, its bits mixed at the end.
 */
export function overflowCellOf(caller: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < caller.length; i++) hash = Math.imul(hash ^ caller.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % cells;
}
