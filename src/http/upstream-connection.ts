import { Socket } from "node:net";
import { AnswerHead, scanAnswerHead } from "./answer-head.ts";
import { ChunkScanner } from "./chunk-scanner.ts";
import { giveBuffer, headRoom, takeBuffer } from "./read-buffers.ts";

/** Where an upstream answers: by TCP or by a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

export type ConnectionFailure =
  /** It could not be made. */
  | "connect"
  /** It ended before a byte of the answer, after it had been idle. */
  | "stale"
  /** It ended before the head of the answer was whole. */
  | "reset"
  /** What came is not HTTP. */
  | "malformed"
  /** It ended, or what came was malformed, in the body. */
  | "body";

/** Whoever waits for an answer. Hears nothing any more once the answer is complete, it has failed, or was given up. */
export interface AnswerTaker {
  /** To HEAD there is no body, whatever the head says. */
  readonly isHead: boolean;
  onConnected(): void;
  /** Status 1xx. */
  onInformation(head: AnswerHead, bytes: Buffer): void;
  /** The head, and what has come of the body: the bytes from `head.end` to `to`. */
  onAnswer(head: AnswerHead, bytes: Buffer, to: number): void;
  onBody(bytes: Buffer, from: number, to: number): void;
  /** `trailers`: field lines with their CRLF; the empty line behind them is still to be sent if there are any. */
  onComplete(trailers: string): void;
  onFailed(failure: ConnectionFailure): void;
}

/** How the end of a body is known (RFC 9112 §6.3). */
export type Framing = "none" | "length" | "chunked" | "close";

/** Answers that only announce others; a flood of them is an attack or a bug. */
const maxInformational = 32;

/**
 * A connection to an upstream, with one request at a time. Bytes that nobody waits for end it: they could only be taken for the answer
 * to a request that is not theirs.
 *
 * An answer is read into the connection's own buffer and handed on from there. Who hands it on and finds that not all was taken
 * (`disown`) leaves the buffer to those bytes: the connection goes on with another.
 */
export class UpstreamConnection {
  readonly head = new AnswerHead();
  framing: Framing = "none";
  /** Body bytes in the last piece, without the framing. */
  dataBytes = 0;
  /** Epoch of the monotonic clock at which it became idle. */
  idleAt = 0;
  readonly #onClosed: (connection: UpstreamConnection) => void;
  readonly #socket: Socket;
  readonly #chunks = new ChunkScanner();
  #bytes = takeBuffer();
  /** Where the next read goes, and whether the socket has to be told. */
  #readAt = headRoom;
  #region: Buffer | undefined;
  #taker: AnswerTaker | undefined;
  #remaining = 0;
  #informational = 0;
  #served = 0;
  #isReadingHead = false;
  #hasAnswerByte = false;
  #isReusable = true;
  isPending = true;

  constructor(address: Address, onClosed: (connection: UpstreamConnection) => void) {
    this.#onClosed = onClosed;
    this.#region = this.#bytes.subarray(headRoom);
    const socket = new Socket({
      onread: {
        buffer: () => this.#nextRegion() as Buffer,
        callback: (length) => this.#onRead(length),
      },
    });
    this.#socket = socket;
    socket.on("connect", () => this.#onConnect());
    socket.on("end", () => this.#onEnd());
    socket.on("error", () => undefined);
    socket.on("close", () => this.#onClose());
    socket.setNoDelay(true);
    socket.connect(address);
  }

  get isUsable(): boolean {
    return this.#isReusable && !this.#socket.destroyed;
  }

  /** How long the upstream has promised to keep it when idle, in milliseconds; 0: nothing was said. */
  get keepAliveMs(): number {
    return this.head.keepAliveMs;
  }

  /** Sends a request, whole or its beginning, and hands its answer to the taker. @param text latin1 */
  send(taker: AnswerTaker, text: string): void {
    this.#taker = taker;
    this.#isReadingHead = true;
    this.#hasAnswerByte = false;
    this.#informational = 0;
    this.#socket.write(text, "latin1");
  }

  /** More of a body, as latin1. @returns whether it is all taken; if not, `onTaken` says when */
  write(text: string, onTaken: () => void): boolean {
    this.#socket.write(text, "latin1");
    if (this.#socket.writableLength === 0) return true;
    this.#socket.write(nothing, onTaken);
    return false;
  }

  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** The bytes that were handed on last are not all taken yet: they stay as they are. */
  disown(): void {
    this.#bytes = takeBuffer();
    this.#readAt = headRoom;
    this.#region = this.#bytes.subarray(headRoom);
  }

  /** It must not be used again: something of the request was not sent, or something else than the answer came. */
  spoil(): void {
    this.#isReusable = false;
  }

  /** Nobody waits any more: what is under way is given up. */
  destroy(): void {
    this.#taker = undefined;
    this.#isReusable = false;
    this.#socket.destroy();
  }

  /** Asked after each read, and for each address that is tried. @returns `undefined`: as before */
  #nextRegion(): Buffer | undefined {
    const region = this.#region;
    if (!this.isPending) this.#region = undefined;
    return region;
  }

  #readInto(at: number): void {
    if (at === this.#readAt) return;
    this.#readAt = at;
    this.#region = this.#bytes.subarray(at);
  }

  #onConnect(): void {
    this.isPending = false;
    this.#taker?.onConnected();
  }

  #onRead(length: number): boolean {
    if (this.#taker === undefined) {
      this.destroy();
      return true;
    }
    const bytes = this.#bytes;
    const to = this.#readAt + length;
    this.#hasAnswerByte = true;
    if (this.#isReadingHead) this.#onHeadBytes(bytes, to);
    else this.#onBodyBytes(bytes, headRoom, to);
    return true;
  }

  #onHeadBytes(bytes: Buffer, to: number): void {
    const { head } = this;
    let from = headRoom;
    for (;;) {
      const verdict = scanAnswerHead(bytes, from, to, head);
      if (verdict === "malformed") return this.#fail("malformed");
      if (verdict === "partial") return this.#awaitRest(bytes, from, to);
      if (head.status >= 200) break;
      if (head.status === 101 || ++this.#informational > maxInformational) return this.#fail("malformed");
      this.#taker!.onInformation(head, bytes);
      if (this.#taker === undefined) return;
      from = head.end;
      if (from === to) return this.#readInto(headRoom);
    }
    this.#isReadingHead = false;
    this.#readInto(headRoom);
    this.#framingOf(head);
    if (head.closes) this.#isReusable = false;
    this.#onBodyBytes(bytes, head.end, to);
  }

  /** The next read goes behind what there is of a head. */
  #awaitRest(bytes: Buffer, from: number, to: number): void {
    if (from > headRoom) bytes.copyWithin(headRoom, from, to);
    const at = headRoom + to - from;
    if (at === bytes.length) this.#fail("malformed");
    else this.#readInto(at);
  }

  #framingOf({ status, isChunked, length }: AnswerHead): void {
    if (this.#taker!.isHead || status === 204 || status === 304) this.framing = "none";
    else if (isChunked) {
      this.framing = "chunked";
      this.#chunks.reset();
    } else if (length !== -1) {
      this.framing = "length";
      this.#remaining = length;
    } else {
      this.framing = "close";
      this.#isReusable = false;
    }
  }

  /** The first piece of a body comes with its head, even when it is empty. */
  #onBodyBytes(bytes: Buffer, from: number, to: number): void {
    const isFirst = from !== headRoom;
    let kept = to;
    let end = to;
    let isComplete = false;
    switch (this.framing) {
      case "none":
        kept = end = from;
        isComplete = true;
        break;
      case "length":
        kept = end = Math.min(to, from + this.#remaining);
        this.#remaining -= end - from;
        isComplete = this.#remaining === 0;
        break;
      case "chunked":
        kept = this.#chunks.scan(bytes, from, to);
        end = this.#chunks.end;
        isComplete = this.#chunks.isComplete;
        break;
      case "close":
        break;
    }
    if (kept === -1) return this.#fail(isFirst ? "malformed" : "body");
    this.dataBytes = this.framing === "chunked" ? this.#chunks.dataBytes : kept - from;
    const taker = this.#taker!;
    if (end < to) this.#isReusable = false;
    if (isComplete) this.#taker = undefined;
    if (isFirst) taker.onAnswer(this.head, bytes, kept);
    else if (kept > from) taker.onBody(bytes, from, kept);
    if (isComplete) this.#complete(taker);
  }

  #complete(taker: AnswerTaker): void {
    this.#taker = undefined;
    this.#served++;
    taker.onComplete(this.framing === "chunked" ? this.#chunks.trailers : "");
  }

  #onEnd(): void {
    const taker = this.#taker;
    if (taker !== undefined && !this.#isReadingHead && this.framing === "close") this.#complete(taker);
  }

  #onClose(): void {
    this.#isReusable = false;
    this.#onClosed(this);
    giveBuffer(this.#bytes);
    if (this.#taker === undefined) return;
    if (this.isPending) this.#fail("connect");
    else if (!this.#isReadingHead) this.#fail("body");
    else this.#fail(this.#served > 0 && !this.#hasAnswerByte ? "stale" : "reset");
  }

  #fail(failure: ConnectionFailure): void {
    const taker = this.#taker;
    this.destroy();
    taker?.onFailed(failure);
  }
}

const nothing = Buffer.alloc(0);
