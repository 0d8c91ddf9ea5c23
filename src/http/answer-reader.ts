import { AnswerHead, scanAnswerHead } from "./answer-head.ts";
import { ChunkScanner } from "./chunk-scanner.ts";

/** How the end of a body is known (RFC 9112 §6.3). */
export type Framing = "none" | "length" | "chunked" | "close";

export type AnswerEvent =
  /** There is the beginning of a head; it is to be given again, with more. */
  | "partial-head"
  /** An answer with status 1xx; the real one follows. */
  | "information"
  /** The head, and what has come of the body. */
  | "answer"
  /** More of the body. */
  | "body"
  | "malformed";

/** Answers that only announce others; a flood of them is an attack or a bug. */
const maxInformational = 32;

/**
 * Reads one answer from the bytes of a connection, piece by piece: where its head is, which bytes are its body, and when it is
 * complete. It moves nothing but what chunk extensions leave behind.
 */
export class AnswerReader {
  readonly head = new AnswerHead();
  framing: Framing = "none";
  /** Behind the last byte of the piece that was read. */
  end = 0;
  /** Behind the last byte of it that is to be passed on. */
  passedEnd = 0;
  /** Body bytes in the piece, without the framing. */
  dataBytes = 0;
  isComplete = false;
  readonly #chunks = new ChunkScanner();
  #isHead = false;
  #isReadingHead = true;
  #remaining = 0;
  #informational = 0;

  /** @param isHead it answers HEAD: there is no body, whatever the head says */
  begin(isHead: boolean): void {
    this.#isHead = isHead;
    this.#isReadingHead = true;
    this.#informational = 0;
    this.isComplete = false;
  }

  /** The real head has been read. */
  get hasHead(): boolean {
    return !this.#isReadingHead;
  }

  /** Of a chunked body: field lines with their CRLF; if there are any, the empty line behind them was not passed on. */
  get trailers(): string {
    return this.framing === "chunked" ? this.#chunks.trailers : "";
  }

  read(bytes: Buffer, from: number, to: number): AnswerEvent {
    if (!this.#isReadingHead) return this.#readBody(bytes, from, to) ? "body" : "malformed";
    const { head } = this;
    const verdict = scanAnswerHead(bytes, from, to, head);
    if (verdict === "partial") return "partial-head";
    if (verdict === "malformed" || head.status === 101) return "malformed";
    this.end = head.end;
    if (head.status < 200) return ++this.#informational > maxInformational ? "malformed" : "information";
    this.#isReadingHead = false;
    this.#beginBody();
    return this.#readBody(bytes, head.end, to) ? "answer" : "malformed";
  }

  /** The connection has ended. @returns whether that is how this answer ends */
  endOfConnection(): boolean {
    this.isComplete ||= this.hasHead && this.framing === "close";
    return this.isComplete;
  }

  #beginBody(): void {
    const { status, isChunked, length } = this.head;
    this.#remaining = length;
    if (this.#isHead || status === 204 || status === 304) this.framing = "none";
    else if (isChunked) {
      this.framing = "chunked";
      this.#chunks.reset();
    } else this.framing = length === -1 ? "close" : "length";
  }

  /** @returns `false`: malformed */
  #readBody(bytes: Buffer, from: number, to: number): boolean {
    switch (this.framing) {
      case "none":
        this.end = this.passedEnd = from;
        this.dataBytes = 0;
        this.isComplete = true;
        return true;
      case "length":
        this.end = this.passedEnd = Math.min(to, from + this.#remaining);
        this.dataBytes = this.end - from;
        this.#remaining -= this.dataBytes;
        this.isComplete = this.#remaining === 0;
        return true;
      case "chunked":
        this.passedEnd = this.#chunks.scan(bytes, from, to);
        this.end = this.#chunks.end;
        this.dataBytes = this.#chunks.dataBytes;
        this.isComplete = this.#chunks.isComplete;
        return this.passedEnd !== -1;
      case "close":
        this.end = this.passedEnd = to;
        this.dataBytes = to - from;
        return true;
    }
  }
}
