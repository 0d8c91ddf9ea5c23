import { CR, HTAB, LF, SP } from "./octets.ts";

/**
 * The chunked coding of an answer (RFC 9112 §7.1), followed through the bytes as they come. What is well-formed passes as it is; chunk
 * extensions end at this hop (§7.1.1) and are cut out where they lie, as is a trailer section, which is to be filtered.
 *
 *     size ─► [extension] ─► size-lf ─► data ─► data-cr ─► data-lf ─► size …
 *                              └─ size was 0 ─► end-cr ─► end-lf ─► complete
 *                                                 └─► trailers ────────▲
 *
 * Sizes are hexadecimal digits, at least one; lines end with CRLF and nothing else; what is not data is bounded.
 */
type State = "size" | "extension" | "size-lf" | "data" | "data-cr" | "data-lf" | "end-cr" | "end-lf" | "trailers";

/** More would be a size that no double holds exactly. */
const maxSizeDigits = 13;
const maxExtensionBytes = 4_096;
const maxTrailerBytes = 16_384;

export class ChunkScanner {
  /** Behind the last byte that belongs to the body, after a scan. */
  end = 0;
  /** Bytes of data in the last scan. */
  dataBytes = 0;
  isComplete = false;
  /** Field lines with their CRLF, when complete. If there are any, the empty line that ends the body was cut out with them. */
  trailers = "";
  #state: State = "size";
  #size = 0;
  #digits = 0;
  #extensionBytes = 0;
  /** Where the next byte that stays goes, and where the bytes begin that will go there. */
  #kept = 0;
  #keptFrom = 0;

  reset(): void {
    this.isComplete = false;
    this.trailers = "";
    this.#state = "size";
    this.#size = this.#digits = this.#extensionBytes = 0;
  }

  /** Follows the bytes from `from` to `to`. @returns the end of what is to be passed on; -1: malformed */
  scan(bytes: Buffer, from: number, to: number): number {
    this.#kept = this.#keptFrom = from;
    this.dataBytes = 0;
    let at = from;
    while (at < to && !this.isComplete) {
      at = this.#step(bytes, at, to);
      if (at < 0) return -1;
    }
    this.end = at;
    const isCutting = this.#state === "extension" || this.#state === "trailers";
    if (!isCutting) this.#keep(bytes, at);
    return this.#kept;
  }

  #skipData(at: number, to: number): number {
    const taken = Math.min(this.#size, to - at);
    this.#size -= taken;
    this.dataBytes += taken;
    if (this.#size === 0) this.#state = "data-cr";
    return at + taken;
  }

  /** Takes one byte, or as much data as there is. @returns where the next byte is; -1: malformed */
  #step(bytes: Buffer, at: number, to: number): number {
    const byte = bytes[at]!;
    switch (this.#state) {
      case "size":
        if (hexValue[byte]! < 16) {
          this.#size = this.#size * 16 + hexValue[byte]!;
          return ++this.#digits > maxSizeDigits ? -1 : at + 1;
        }
        if (this.#digits === 0) return -1;
        if (byte === CR) return this.#go("size-lf", at);
        if (byte !== semicolon) return -1;
        this.#keep(bytes, at);
        return this.#go("extension", at);
      case "extension":
        if (byte === CR) {
          this.#keptFrom = at;
          return this.#go("size-lf", at);
        }
        if (++this.#extensionBytes > maxExtensionBytes || (byte < SP && byte !== HTAB) || byte === 0x7f) return -1;
        return at + 1;
      case "size-lf":
        return byte === LF ? this.#go(this.#size === 0 ? "end-cr" : "data", at) : -1;
      case "data-cr":
        return byte === CR ? this.#go("data-lf", at) : -1;
      case "data-lf":
        this.#digits = 0;
        return byte === LF ? this.#go("size", at) : -1;
      case "end-cr":
        if (byte === CR) return this.#go("end-lf", at);
        this.#keep(bytes, at);
        this.#state = "trailers";
        return at;
      case "end-lf":
        this.isComplete = byte === LF;
        return this.isComplete ? at + 1 : -1;
      case "trailers":
        return this.#takeTrailer(byte, at);
      case "data":
        return this.#skipData(at, to);
    }
  }

  /** Rare, so that one byte after another will do. */
  #takeTrailer(byte: number, at: number): number {
    this.trailers += String.fromCharCode(byte);
    if (this.trailers.length > maxTrailerBytes) return -1;
    if (this.trailers.endsWith("\r\n\r\n")) {
      this.trailers = this.trailers.slice(0, -2);
      this.isComplete = true;
    }
    return at + 1;
  }

  #go(state: State, at: number): number {
    this.#state = state;
    return at + 1;
  }

  /** What lies between the last cut and `until` stays: it moves over what was cut before it. */
  #keep(bytes: Buffer, until: number): void {
    if (this.#kept !== this.#keptFrom) bytes.copyWithin(this.#kept, this.#keptFrom, until);
    this.#kept += until - this.#keptFrom;
    this.#keptFrom = until;
  }
}

const semicolon = 0x3b;
const hexValue = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = Number.parseInt(String.fromCharCode(byte), 16);
  return Number.isNaN(value) ? 16 : value;
});
