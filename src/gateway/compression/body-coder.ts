import type { ContentCoding } from "../../http/index.ts";
import { createEncoder, type EncodingStream, flushKinds } from "./pass-encoders.ts";

/** Who is given what was coded. */
export interface CodedTaker {
  /** @returns `false`: no more until `resume` */
  onCoded(bytes: Buffer): boolean;
  /** More can be coded, after there was too much. */
  onRoom(): void;
  /** That was all. */
  onCodedEnd(): void;
  /** It cannot be coded. What has gone out is not whole. */
  onCodedBroken(): void;
}

/** So much waits for the encoder, and it is full. */
const maxWaitingBytes = 64 * 1024;
/** Each has up to a megabyte or two for what it looks back at. */
const maxCoders = 128;
let atWork = 0;

/**
 * Codes one body as it comes, on zlib's threads. Whenever all that has come is coded, what the encoder holds back is brought out: the next
 * piece may be long in coming. While more comes than it can code, nothing is brought out early, so that a fast origin loses nothing.
 */
export class BodyCoder {
  readonly #stream: EncodingStream;
  readonly #taker: CodedTaker;
  readonly #flushKind: number;
  #waitingBytes = 0;
  #wasFull = false;
  #hasEnded = false;
  #isOver = false;

  constructor(coding: ContentCoding, taker: CodedTaker) {
    this.#taker = taker;
    this.#flushKind = flushKinds[coding];
    const stream = createEncoder(coding);
    this.#stream = stream;
    atWork++;
    stream.on("data", (bytes: Buffer) => this.#isOver || taker.onCoded(bytes) || stream.pause());
    stream.on("end", () => this.#end(() => taker.onCodedEnd()));
    stream.on("error", () => this.#end(() => taker.onCodedBroken()));
  }

  /** There are enough of them. */
  static get isBusy(): boolean {
    return atWork >= maxCoders;
  }

  /** No more is to come until `onRoom`. */
  get isFull(): boolean {
    return this.#waitingBytes > maxWaitingBytes;
  }

  /** Takes the bytes: they must not be changed. */
  write(bytes: Buffer): void {
    this.#waitingBytes += bytes.length;
    this.#wasFull ||= this.isFull;
    this.#stream.write(bytes, () => this.#onWritten(bytes.length));
  }

  end(): void {
    this.#hasEnded = true;
    this.#stream.end();
  }

  /** The taker takes more. */
  resume(): void {
    this.#stream.resume();
  }

  /** The taker hears no more. */
  destroy(): void {
    this.#end(() => this.#stream.destroy());
  }

  #onWritten(length: number): void {
    this.#waitingBytes -= length;
    if (this.#isOver || this.#hasEnded) return;
    if (this.#waitingBytes === 0) this.#stream.flush(this.#flushKind);
    if (!this.#wasFull || this.isFull) return;
    this.#wasFull = false;
    this.#taker.onRoom();
  }

  #end(tell: () => void): void {
    if (this.#isOver) return;
    this.#isOver = true;
    atWork--;
    tell();
  }
}
