/**
 * The data of a body in the chunked coding (RFC 9112 §7.1), piece by piece, as `ChunkScanner` has passed it on: well-formed, without
 * extensions and trailers.
 */
export class ChunkData {
  #state: "size" | "data" | "line" = "size";
  #size = 0;

  /** @param take given each run of data: from, to */
  read(bytes: Buffer, from: number, to: number, take: (from: number, to: number) => void): void {
    let at = from;
    while (at < to) {
      switch (this.#state) {
        case "size": {
          const byte = bytes[at++]!;
          if (byte === 0x0a) this.#state = this.#size === 0 ? "line" : "data";
          else if (byte !== 0x0d) this.#size = this.#size * 16 + hexValue(byte);
          break;
        }
        case "data": {
          const end = Math.min(to, at + this.#size);
          take(at, end);
          this.#size -= end - at;
          at = end;
          if (this.#size === 0) this.#state = "line";
          break;
        }
        case "line":
          // Behind data, the end of its line; behind the last chunk, the end of it all.
          if (bytes[at++] === 0x0a) this.#state = "size";
          break;
      }
    }
  }

  /** Moves the data together, over what is between it. @returns behind its end */
  gather(bytes: Buffer, from: number, to: number): number {
    let end = from;
    this.read(bytes, from, to, (start, stop) => {
      if (start > end) bytes.copyWithin(end, start, stop);
      end += stop - start;
    });
    return end;
  }
}

function hexValue(byte: number): number {
  return byte <= 0x39 ? byte - 0x30 : (byte | 0x20) - 0x57;
}
