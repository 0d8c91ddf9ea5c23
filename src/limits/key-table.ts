import type { Quota } from "../config/index.ts";
import { type Cell, createCell, isSameQuota, succeedCell } from "./cell.ts";
import { limitOf } from "./limit-key.ts";

/**
 * The keys that are told apart, bounded for each limit: a client that makes up keys must neither fill the memory nor be forgotten.
 *
 * With each new key two old ones are looked at in turn, and dropped when all of their quota is back: they are no different from new ones. When a limit
 * has as many keys as it may have, one makes room: of a small random sample, the one that has used
 * the least of its quota, and of equals the one longest quiet: whoever makes up keys uses each of them little. Never is it one that is refused now. When all of the
 * sample are, the newcomer is counted together with others, in one of 4096 cells that he cannot choose: a hash with a secret seed says which.
 */
export interface Entry {
  readonly key: string;
  cell: Cell;
  /** What was last refused can be had then. */
  refusedUntil: number;
  seenAt: number;
  /** Its place among the keys of its limit. */
  place: number;
}

export interface KeyTableOptions {
  /** Keys of a limit, at most. */
  readonly maxKeysOf: (limit: string) => number;
  readonly random: () => number;
}

const swept = 2;
const sampleSize = 8;
export const overflowCells = 4096;

export class KeyTable {
  readonly #options: KeyTableOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #limits = new Map<string, LimitKeys>();
  readonly #seed: number;

  constructor(options: KeyTableOptions) {
    this.#options = options;
    this.#seed = Math.floor(options.random() * 2 ** 32);
  }

  sizeOf(limit: string): number {
    return this.#limits.get(limit)?.entries.length ?? 0;
  }

  /** The key's cell, under this quota. */
  find(key: string, quota: Quota, now: number): Entry {
    const entry = this.#entries.get(key) ?? this.#admit(key, quota, now);
    entry.seenAt = now;
    const { cell } = entry;
    if (cell.quota === quota) return entry;
    if (!isSameQuota(cell.quota, quota)) entry.refusedUntil = 0;
    entry.cell = succeedCell(cell, quota, now);
    return entry;
  }

  #admit(key: string, quota: Quota, now: number): Entry {
    const limit = limitOf(key);
    let keys = this.#limits.get(limit);
    if (keys === undefined) this.#limits.set(limit, (keys = { entries: [], overflow: new Map(), next: 0 }));
    this.#sweep(keys, now);
    if (keys.entries.length >= this.#options.maxKeysOf(limit)) {
      const dispensable = this.#choose(keys.entries, now);
      if (dispensable === undefined) return this.#overflowOf(keys, key, quota, now);
      this.#remove(keys, dispensable);
    }
    const entry: Entry = { key, cell: createCell(quota), refusedUntil: 0, seenAt: now, place: keys.entries.length };
    keys.entries.push(entry);
    this.#entries.set(key, entry);
    return entry;
  }

  #sweep(keys: LimitKeys, now: number): void {
    for (let i = 0; i < swept && keys.entries.length > 0; i++) {
      if (keys.next >= keys.entries.length) keys.next = 0;
      // The one that takes the place of what is dropped is often the newest: it has time until the next round.
      const entry = keys.entries[keys.next++]!;
      if (entry.seenAt !== now && entry.cell.used(now) === 0) this.#remove(keys, entry);
    }
  }

  #choose(entries: readonly Entry[], now: number): Entry | undefined {
    let [chosen, least]: [Entry | undefined, number] = [undefined, Infinity];
    for (let i = 0; i < sampleSize && entries.length > 0; i++) {
      const entry = entries[Math.floor(this.#options.random() * entries.length)]!;
      const { cell } = entry;
      const share = cell.used(now) / cell.quota.burst;
      const isBetter = share < least || (share === least && entry.seenAt < chosen!.seenAt);
      if (!isBetter || isNeeded(entry, now)) continue;
      [chosen, least] = [entry, share];
    }
    return chosen;
  }

  #remove({ entries }: LimitKeys, entry: Entry): void {
    const last = entries.pop()!;
    if (last !== entry) {
      entries[entry.place] = last;
      last.place = entry.place;
    }
    this.#entries.delete(entry.key);
  }

  /** Of each quota they are others: callers of a tier do not share with those of none. */
  #overflowOf({ overflow }: LimitKeys, key: string, quota: Quota, now: number): Entry {
    const scope = key.slice(0, key.indexOf("|") + 1);
    const shared = `${scope}${seededHash(key, this.#seed) % overflowCells}`;
    let entry = overflow.get(shared);
    if (entry === undefined) {
      overflow.set(shared, (entry = { key: shared, cell: createCell(quota), refusedUntil: 0, seenAt: now, place: -1 }));
    }
    return entry;
  }
}

/** Refused now, or part of the decision that is being made. */
function isNeeded({ cell, refusedUntil, seenAt }: Entry, now: number): boolean {
  return seenAt === now || now < refusedUntil || cell.waitMs(1, now) > 0;
}

interface LimitKeys {
  readonly entries: Entry[];
  readonly overflow: Map<string, Entry>;
  /** The next to be swept. */
  next: number;
}

/** Which cell it is, nobody else needs to know. FNV-1a over UTF-16 units, its bits mixed at the end. */
export function seededHash(text: string, seed: number): number {
  let hash = seed;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
