import type { Quota } from "../../config/index.ts";
import { keyText, type LimitKey, limitOf } from "./limit-key.ts";
import { createSeed, overflowCellOf } from "./overflow-cell.ts";

/** With each newcomer; more than one, so that room is made faster than it is taken. */
const swept = 4;

/**
 * How many callers this process has told apart lately, bounded for each limit: a store that others own must not be filled by a client that makes
 * up keys. Who is known stays known for as long as something of him may count; when there are as many as there may be, newcomers are counted
 * together with others, in cells that they cannot choose (overflow-cell.ts).
 */
export class KeyCensus {
  readonly #maxKeysOf: (limit: string) => number;
  readonly #seed: number;
  /** Of each limit its keys, and until when each is known; who is looked at next is first. */
  readonly #limits = new Map<string, Map<string, number>>();

  constructor(maxKeysOf: (limit: string) => number, random: () => number = Math.random) {
    this.#maxKeysOf = maxKeysOf;
    this.#seed = createSeed(random);
  }

  sizeOf(limit: string): number {
    return this.#limits.get(limit)?.size ?? 0;
  }

  /** The text of the key, or in its place that of the cell in which it is counted. */
  admit(of: LimitKey, quota: Quota, now: number): string {
    const key = keyText(of);
    const limit = limitOf(of.scope);
    let keys = this.#limits.get(limit);
    if (keys === undefined) this.#limits.set(limit, (keys = new Map()));
    const knownUntil = keys.get(key);
    // Leases and slots count a little longer than the window.
    const until = now + 2 * quota.windowMs;
    if (knownUntil === undefined) {
      this.#sweep(keys, now);
      if (keys.size >= this.#maxKeysOf(limit)) return this.#cellOf(of);
      keys.set(key, until);
    } else if (until - knownUntil > quota.windowMs / 2) {
      keys.delete(key);
      keys.set(key, until);
    }
    return key;
  }

  /** Those of a tier may be known for longer than others, so whoever is still known goes to the end rather than in the way. */
  #sweep(keys: Map<string, number>, now: number): void {
    let looked = 0;
    for (const [key, end] of keys) {
      keys.delete(key);
      if (end > now) keys.set(key, end);
      if (++looked === swept) break;
    }
  }

  #cellOf({ scope, caller }: LimitKey): string {
    return keyText({ scope, caller: `%~${overflowCellOf(caller, this.#seed)}` });
  }
}
