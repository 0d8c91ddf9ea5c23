const waysPerBucket = 4;

/**
 * Remembers which keys were here not long ago, of the last so many, in 8 bytes each: a hash and a time in a table of small buckets, in which
 * the newest takes the place of the oldest. Two keys of one hash are taken for one, which costs an admission that was not due,
 * one time in four billion.
 */
export class GhostTable {
  #hashes = new Uint32Array(0);
  /** When it was added, in additions; 0: the place is free. */
  #times = new Uint32Array(0);
  #mask = 0;
  #now = 0;
  /** How many additions something is remembered for. */
  #span = 0;

  /** @param keys to be remembered; the table grows with them, and does not shrink */
  resize(keys: number): void {
    this.#span = keys;
    if (keys <= this.#hashes.length) return;
    const [hashes, times] = [this.#hashes, this.#times];
    const buckets = 2 ** Math.ceil(Math.log2(Math.max(64, keys / waysPerBucket)));
    this.#hashes = new Uint32Array(buckets * waysPerBucket);
    this.#times = new Uint32Array(buckets * waysPerBucket);
    this.#mask = buckets - 1;
    for (let i = 0; i < hashes.length; i++) if (this.#isRecent(times[i]!)) this.#put(hashes[i]!, times[i]!);
  }

  add(hash: number): void {
    if (this.#hashes.length === 0) return;
    // Once in four billion additions, all is forgotten.
    if (++this.#now === 2 ** 32) {
      this.#now = 1;
      this.#times.fill(0);
    }
    this.#put(hash, this.#now);
  }

  /** Whether it was here, and forgets it. */
  take(hash: number): boolean {
    const from = (hash & this.#mask) * waysPerBucket;
    for (let i = from; i < from + waysPerBucket; i++) {
      if (this.#hashes[i] !== hash || !this.#isRecent(this.#times[i] ?? 0)) continue;
      this.#times[i] = 0;
      return true;
    }
    return false;
  }

  #isRecent(time: number): boolean {
    return time !== 0 && this.#now - time < this.#span;
  }

  #put(hash: number, time: number): void {
    const from = (hash & this.#mask) * waysPerBucket;
    let oldest = from;
    for (let i = from + 1; i < from + waysPerBucket; i++) if (this.#times[i]! < this.#times[oldest]!) oldest = i;
    this.#hashes[oldest] = hash;
    this.#times[oldest] = time;
  }
}

/** FNV-1a over UTF-16 units, with its bits mixed at the end: the table uses the low ones. */
export function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
