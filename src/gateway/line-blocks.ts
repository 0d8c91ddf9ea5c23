/** Lines that are written at once. */
export interface Block {
  readonly bytes: Buffer;
  used: number;
  lines: number;
}

/**
 * Lines on their way to a file, in blocks of bytes. Each line is copied when it comes: strings that are put together one by one and
 * turned into bytes at the end cost several times as much, most of it the garbage collector's.
 */
export class LineBlocks {
  readonly #blockBytes: number;
  readonly #maxBytes: number;
  #current: Block | undefined;
  readonly #waiting: Block[] = [];
  #waitingBytes = 0;
  /** One that has been written; the next need not be allocated. */
  #spare: Block | undefined;

  /** @param maxBytes of what waits; a block that is being written counts until it is released */
  constructor(blockBytes: number, maxBytes: number) {
    this.#blockBytes = blockBytes;
    this.#maxBytes = maxBytes;
  }

  get hasFull(): boolean {
    return this.#waiting.length > 0;
  }

  get hasSome(): boolean {
    return this.#current !== undefined;
  }

  /** @param line in ASCII, without its end. @returns false: too much waits, the line is dropped */
  add(line: string): boolean {
    const needed = line.length + 1;
    let block = this.#current;
    if (block === undefined || block.used + needed > block.bytes.length) {
      this.close();
      if (this.#waitingBytes > 0 && this.#waitingBytes + needed > this.#maxBytes) return false;
      block = this.#current = this.#open(needed);
    }
    block.bytes.write(line, block.used, "latin1");
    block.bytes[block.used + line.length] = 0x0a;
    block.used += needed;
    block.lines++;
    return true;
  }

  /** What is there waits to be written, full or not. */
  close(): void {
    if (this.#current === undefined) return;
    this.#waiting.push(this.#current);
    this.#waitingBytes += this.#current.used;
    this.#current = undefined;
  }

  /** The oldest that waits; it must be released. */
  next(): Block | undefined {
    return this.#waiting.shift();
  }

  release(block: Block): void {
    this.#waitingBytes -= block.used;
    this.#spare = block;
  }

  #open(needed: number): Block {
    const spare = this.#spare;
    this.#spare = undefined;
    if (spare !== undefined && spare.bytes.length >= needed) {
      spare.used = 0;
      spare.lines = 0;
      return spare;
    }
    return { bytes: Buffer.allocUnsafeSlow(Math.max(this.#blockBytes, needed)), used: 0, lines: 0 };
  }
}
