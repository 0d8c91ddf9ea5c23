import { GhostTable, hashOf } from "./ghost-table.ts";

/**
 * What a cache keeps, and what it gives up when it is full: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO queues are all you need for cache
 * eviction", SOSP 2023), counted in bytes.
 *
 *     new ──► small (a tenth) ──used twice──► main ──oldest, unused──► gone
 *               │ oldest                       ▲ └──oldest, used──┘ behind the others again
 *               └──► gone, remembered ──asked for again──┘
 *
 * Most of what is asked for once is never asked for again: it passes through the small queue, and what is worth keeping stays. So a scan
 * costs a tenth of the memory and no more. A hit writes one small number, and moves nothing.
 */
export interface Kept {
  readonly key: string;
  /** What it counts for. While it is kept, `resize` changes it. */
  bytes: number;
  /** Hits, up to 3. This and what follows is the queue's. */
  uses: number;
  queue: "small" | "main" | undefined;
  older: this | undefined;
  newer: this | undefined;
}

export const notKept = { uses: 0, queue: undefined, older: undefined, newer: undefined } as const;

const smallShare = 0.1;
const maxUses = 3;
/** Hits in the small queue that show that something is worth keeping. */
const worthKeeping = 2;
/** So many are looked at for one that is given up: who asks must not wait while a million are. */
const maxLooks = 256;

export class S3Fifo<T extends Kept> {
  readonly #onEvicted: (kept: T) => void;
  readonly #small = new Queue<T>("small");
  readonly #main = new Queue<T>("main");
  readonly #ghosts = new GhostTable();
  #maxBytes: number;

  constructor(maxBytes: number, onEvicted: (kept: T) => void) {
    this.#maxBytes = maxBytes;
    this.#onEvicted = onEvicted;
  }

  get bytes(): number {
    return this.#small.bytes + this.#main.bytes;
  }

  get count(): number {
    return this.#small.count + this.#main.count;
  }

  get maxBytes(): number {
    return this.#maxBytes;
  }

  set maxBytes(bytes: number) {
    this.#maxBytes = bytes;
    this.#makeRoom();
  }

  /** Others, and it too if it is too large, are given up for it at once. */
  add(kept: T): void {
    kept.uses = 0;
    (this.#ghosts.take(hashOf(kept.key)) ? this.#main : this.#small).push(kept);
    this.#makeRoom();
  }

  /** It was of use. */
  touch(kept: T): void {
    if (kept.uses < maxUses) kept.uses++;
  }

  /** It counts for more, or less, from now on; what is not kept is left as it is. Others, and it too, may be given up for it. */
  resize(kept: T, bytes: number): void {
    if (kept.queue === undefined) return;
    (kept.queue === "small" ? this.#small : this.#main).bytes += bytes - kept.bytes;
    kept.bytes = bytes;
    this.#makeRoom();
  }

  /** It is no longer wanted, and not remembered. */
  remove(kept: T): void {
    if (kept.queue === "small") this.#small.remove(kept);
    else if (kept.queue === "main") this.#main.remove(kept);
  }

  #makeRoom(): void {
    while (this.bytes > this.#maxBytes) {
      if (this.#small.bytes > this.#maxBytes * smallShare || this.#main.oldest === undefined) this.#evictSmall();
      else this.#evictMain();
    }
  }

  #evictSmall(): void {
    for (let looks = 0; ; looks++) {
      const oldest = this.#small.oldest;
      if (oldest === undefined) return;
      this.#small.remove(oldest);
      if (oldest.uses < worthKeeping || looks === maxLooks) {
        this.#ghosts.resize(this.count + 1);
        this.#ghosts.add(hashOf(oldest.key));
        return this.#onEvicted(oldest);
      }
      oldest.uses = 0;
      this.#main.push(oldest);
    }
  }

  #evictMain(): void {
    for (let looks = 0; ; looks++) {
      const oldest = this.#main.oldest!;
      this.#main.remove(oldest);
      if (oldest.uses === 0 || looks === maxLooks) return this.#onEvicted(oldest);
      oldest.uses--;
      this.#main.push(oldest);
    }
  }
}

class Queue<T extends Kept> {
  oldest: T | undefined;
  bytes = 0;
  count = 0;
  readonly #name: "small" | "main";
  #newest: T | undefined;

  constructor(name: "small" | "main") {
    this.#name = name;
  }

  push(kept: T): void {
    kept.queue = this.#name;
    kept.older = this.#newest;
    kept.newer = undefined;
    if (this.#newest === undefined) this.oldest = kept;
    else this.#newest.newer = kept;
    this.#newest = kept;
    this.bytes += kept.bytes;
    this.count++;
  }

  remove(kept: T): void {
    if (kept.older === undefined) this.oldest = kept.newer;
    else kept.older.newer = kept.newer;
    if (kept.newer === undefined) this.#newest = kept.older;
    else kept.newer.older = kept.older;
    kept.queue = kept.older = kept.newer = undefined;
    this.bytes -= kept.bytes;
    this.count--;
  }
}
