import type { Quota } from "../../config/index.ts";
import { type Cell, createCell, isSameQuota, succeedCell } from "./cell.ts";
import { type LimitKey, limitOf } from "./limit-key.ts";
import { createSeed, overflowCellOf } from "./overflow-cell.ts";

/**
 * The keys that are told apart, bounded for each limit: a client that makes up keys must neither fill the memory nor be forgotten.
 *
 * With each new key two old ones are looked at in turn, and dropped when all of their quota is back, as then they are no different from new ones; but
 * not as long as they may be about to come again, since a new key costs more than a known one. When a limit
 * has as many keys as it may have, one makes room: of a small random sample, the one that has used
 * the least of its quota, and of equals the one longest quiet: whoever makes up keys uses each of them little. Never is it one that is refused now. When all of the
 * sample are, the newcomer is counted together with others, in a cell that he cannot choose (overflow-cell.ts).
 */
export interface Entry {
  cell: Cell;
  /** What was last refused can be had then. */
  refusedUntil: number;
  seenAt: number;
  readonly caller: string;
  readonly scope: Scope;
  /** Its place among the keys of its limit. */
  place: number;
}

export interface KeyTableOptions {
  /** Keys of a limit, at most. */
  readonly maxKeysOf: (limit: string) => number;
  readonly random: () => number;
}

const swept = 2;
const quietMs = 1_000;
const sampleSize = 8;

export class KeyTable {
  readonly #options: KeyTableOptions;
  readonly #scopes = new Map<string, Scope>();
  readonly #limits = new Map<string, LimitKeys>();
  readonly #seed: number;

  constructor(options: KeyTableOptions) {
    this.#options = options;
    this.#seed = createSeed(options.random);
  }

  sizeOf(limit: string): number {
    return this.#limits.get(limit)?.entries.length ?? 0;
  }

  /** The key's cell, under this quota. */
  find({ scope: name, caller }: LimitKey, quota: Quota, now: number): Entry {
    const scope = this.#scopes.get(name) ?? this.#open(name);
    const entry = scope.callers.get(caller) ?? this.#admit(scope, caller, quota, now);
    entry.seenAt = now;
    const { cell } = entry;
    if (cell.quota === quota) return entry;
    if (!isSameQuota(cell.quota, quota)) entry.refusedUntil = 0;
    entry.cell = succeedCell(cell, quota, now);
    return entry;
  }

  #open(name: string): Scope {
    const limit = limitOf(name);
    let keys = this.#limits.get(limit);
    if (keys === undefined) this.#limits.set(limit, (keys = { limit, entries: [], next: 0 }));
    const scope: Scope = { keys, callers: new Map(), overflow: new Map() };
    this.#scopes.set(name, scope);
    return scope;
  }

  #admit(scope: Scope, caller: string, quota: Quota, now: number): Entry {
    const { keys } = scope;
    this.#sweep(keys, now);
    if (keys.entries.length >= this.#options.maxKeysOf(keys.limit)) {
      const dispensable = this.#choose(keys.entries, now);
      if (dispensable === undefined) return this.#overflowOf(scope, caller, quota, now);
      remove(dispensable);
    }
    const entry = createEntry(scope, detached(caller), quota, now);
    keys.entries.push(entry);
    scope.callers.set(entry.caller, entry);
    return entry;
  }

  #sweep(keys: LimitKeys, now: number): void {
    for (let i = 0; i < swept && keys.entries.length > 0; i++) {
      if (keys.next >= keys.entries.length) keys.next = 0;
      // The one that takes the place of what is dropped is often the newest: it has time until the next round.
      const entry = keys.entries[keys.next++]!;
      if (now - entry.seenAt >= quietMs && entry.cell.used(now) === 0) remove(entry);
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

  #overflowOf(scope: Scope, caller: string, quota: Quota, now: number): Entry {
    const cell = overflowCellOf(caller, this.#seed);
    let entry = scope.overflow.get(cell);
    if (entry === undefined) scope.overflow.set(cell, (entry = createEntry(scope, "", quota, now)));
    return entry;
  }
}

/** The keys of a limit, whatever their tier. */
interface LimitKeys {
  readonly limit: string;
  readonly entries: Entry[];
  /** The next to be swept. */
  next: number;
}

/** Those of a limit, or of a tier of it: of each they are counted by another quota. */
interface Scope {
  readonly keys: LimitKeys;
  readonly callers: Map<string, Entry>;
  readonly overflow: Map<number, Entry>;
}

function createEntry(scope: Scope, caller: string, quota: Quota, now: number): Entry {
  const cell = createCell(quota);
  return { cell, refusedUntil: 0, seenAt: now, caller, scope, place: scope.keys.entries.length };
}

function remove(entry: Entry): void {
  const { entries } = entry.scope.keys;
  const last = entries.pop()!;
  if (last !== entry) {
    entries[entry.place] = last;
    last.place = entry.place;
  }
  entry.scope.callers.delete(entry.caller);
}

/** A text that was cut out of a request's head keeps all of the head in memory, as engines have it; one that was joined stands for itself. */
function detached(text: string): string {
  return [text.slice(0, 1), text.slice(1)].join("");
}

/** Refused now, or part of the decision that is being made. */
function isNeeded({ cell, refusedUntil, seenAt }: Entry, now: number): boolean {
  return seenAt === now || now < refusedUntil || cell.waitMs(1, now) > 0;
}
