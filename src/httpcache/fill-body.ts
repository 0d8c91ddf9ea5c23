/**
 * The body of an answer as it comes: pieces that all readers share. As long as it is to be stored, all of it is held; from when it is not,
 * only what somebody has still to be given.
 */
export class FillBody {
  /** So far, let go or not. */
  bytes = 0;
  isHeld = true;
  /** As the owner counts them. */
  countedBytes = 0;
  readonly #pieces: Buffer[] = [];
  /** Number of the first piece that is here. */
  #first = 0;
  readonly #whole: Buffer | undefined;

  /** @param length when it is known; else -1 */
  constructor(length: number) {
    this.#whole = length > 0 ? Buffer.allocUnsafeSlow(length) : undefined;
  }

  /** Pieces so far. */
  get count(): number {
    return this.#first + this.#pieces.length;
  }

  /** Takes a copy. */
  add(bytes: Buffer, from: number, to: number): void {
    const at = this.bytes;
    this.bytes += to - from;
    const piece =
      this.#whole === undefined || !this.isHeld
        ? Buffer.allocUnsafeSlow(to - from)
        : this.#whole.subarray(at, this.bytes);
    bytes.copy(piece, 0, from, to);
    this.#pieces.push(piece);
  }

  piece(number: number): Buffer {
    return this.#pieces[number - this.#first]!;
  }

  /** Bytes from a piece on. */
  bytesFrom(number: number): number {
    return this.#pieces.slice(number - this.#first).reduce((sum, piece) => sum + piece.length, 0);
  }

  letGoBefore(number: number): void {
    if (number > this.#first) this.#pieces.splice(0, number - this.#first);
    this.#first = Math.max(this.#first, number);
  }

  whole(): Buffer {
    if (this.#whole?.length === this.bytes) return this.#whole;
    return this.#pieces.length === 1 ? this.#pieces[0]! : Buffer.concat(this.#pieces);
  }
}
