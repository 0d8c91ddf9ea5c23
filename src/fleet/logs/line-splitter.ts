const lineFeed = 0x0a;

/**
 * Bytes to lines. Bytes are cut at line feeds before they are decoded, so that a character that arrives in two parts is whole again; what
 * is no UTF-8 becomes U+FFFD. A line longer than the bound is cut into several, so that output without line feeds needs no more memory.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  #rest: Buffer = Buffer.alloc(0);

  constructor(maxLineBytes: number) {
    this.#maxLineBytes = maxLineBytes;
  }

  /** The lines that are complete with these bytes; they are copied where they are kept. */
  push(bytes: Buffer): string[] {
    const lines: string[] = [];
    let data = this.#rest.length === 0 ? bytes : Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const end = data.indexOf(lineFeed);
      const cut = (end === -1 ? data.length : end) > this.#maxLineBytes ? characterEnd(data, this.#maxLineBytes) : end;
      if (cut === -1) break;
      lines.push(data.toString("utf8", 0, cut));
      data = data.subarray(cut === end ? cut + 1 : cut);
    }
    this.#rest = Buffer.from(data);
    return lines;
  }

  /** Whether a line has begun and not ended. */
  get isInLine(): boolean {
    return this.#rest.length > 0;
  }

  /** Ends the line that has begun. */
  flush(): string[] {
    const rest = this.#rest;
    this.#rest = Buffer.alloc(0);
    return rest.length === 0 ? [] : [rest.toString("utf8")];
  }
}

/** The place at or before `at` where a character begins: at most three bytes back in UTF-8. */
function characterEnd(data: Buffer, at: number): number {
  for (let i = at; i > at - 4 && i > 0; i--) if ((data[i]! & 0xc0) !== 0x80) return i;
  return at;
}
