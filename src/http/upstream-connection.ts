import { Socket } from "node:net";
import { AnswerReader, type Framing } from "./answer-reader.ts";
import { type AnswerTaker, type ConnectionFailure, isNobody, nobody, nobodyForHead } from "./answer-taker.ts";
import { giveBuffer, headRoom, takeBuffer } from "./read-buffers.ts";

/** Where an upstream answers: by TCP or by a unix socket. */
export type Address = { readonly host: string; readonly port: number } | { readonly path: string };

/**
 * A connection to an upstream, with one request at a time, or several that were written at once and are answered in their order (RFC
 * 9112 §9.3.2). Bytes that nobody waits for end it: they could only be taken for the answer to a request that is not theirs.
 *
 * An answer is read into the connection's own buffer and handed on from there. Who hands it on and finds that not all was taken
 * (`holdBack`) leaves the buffer to those bytes: the connection goes on with another, and whoever waits behind is let go.
 */
export class UpstreamConnection {
  /** Waits for the connection to be made. */
  isPending = true;
  /** When it became idle, by the monotonic clock; 0: the pool has not looked since. */
  idleAt = 0;
  readonly #onClosed: (connection: UpstreamConnection) => void;
  readonly #socket: Socket;
  readonly #reader = new AnswerReader();
  #bytes = takeBuffer();
  /** Where the next read goes, and what the socket is still to be told of it. */
  #readAt = headRoom;
  #region: Buffer | undefined = this.#bytes.subarray(headRoom);
  #taker: AnswerTaker | undefined = undefined;
  readonly #followers: AnswerTaker[] = [];
  #unwritten = "";
  #served = 0;
  #hasAnswerByte = false;
  #isReusable = true;

  constructor(address: Address, onClosed: (connection: UpstreamConnection) => void) {
    this.#onClosed = onClosed;
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

  /** It may take another request when it has none. */
  get isUsable(): boolean {
    return this.#isReusable && !this.#socket.destroyed;
  }

  /** Requests that wait for their answers. */
  get depth(): number {
    return this.#taker === undefined ? 0 : 1 + this.#followers.length;
  }

  /** Of the answer that is being read. */
  get framing(): Framing {
    return this.#reader.framing;
  }

  /** Body bytes in the last piece, without the framing. */
  get dataBytes(): number {
    return this.#reader.dataBytes;
  }

  /** The answer that is being read has been read to its end. */
  get isComplete(): boolean {
    return this.#reader.isComplete;
  }

  /** How long the upstream has promised to keep it when idle, in milliseconds; 0: nothing was said. */
  get keepAliveMs(): number {
    return this.#reader.head.keepAliveMs;
  }

  /** Sends a request, whole or its beginning, and hands its answer to the taker. @param text latin1 */
  send(taker: AnswerTaker, text: string): void {
    this.#await(taker);
    this.#socket.write(text, "latin1");
  }

  /** Puts a whole request behind those that wait for `flush`. */
  enqueue(taker: AnswerTaker, text: string): void {
    this.#unwritten += text;
    if (this.#taker === undefined) this.#await(taker);
    else this.#followers.push(taker);
  }

  /** Writes, at once, what was enqueued. */
  flush(): void {
    const text = this.#unwritten;
    this.#unwritten = "";
    if (text !== "") this.#socket.write(text, "latin1");
  }

  /** More of a body, as latin1. @returns whether it is all taken; if not, `onTaken` says when */
  write(text: string, onTaken: () => void): boolean {
    this.#socket.write(text, "latin1");
    if (this.#socket.writableLength === 0) return true;
    this.#socket.write(nothing, onTaken);
    return false;
  }

  /** The bytes that were handed on last are not all taken: they stay as they are, and no more are read until `resume`. */
  holdBack(): void {
    this.#bytes = takeBuffer();
    this.#readAt = headRoom;
    this.#region = this.#bytes.subarray(headRoom);
    this.#letGoFollowers();
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  /** What is still to come of the answer goes to another taker. */
  handTo(taker: AnswerTaker): void {
    this.#taker = taker;
  }

  /** It must not be used again: something of the request was not sent, or something else than the answer came. */
  spoil(): void {
    this.#isReusable = false;
  }

  /** Whether somebody else's answer comes before this taker's. */
  isBehind(taker: AnswerTaker): boolean {
    return this.#followers.includes(taker);
  }

  /** The taker waits no more. Its answer, if it is behind another's, is read and thrown away; else the connection ends. */
  abandon(taker: AnswerTaker): void {
    const place = this.#followers.indexOf(taker);
    if (place === -1) return this.destroy();
    this.#followers[place] = taker.isHead ? nobodyForHead : nobody;
    this.#endIfForNobody();
  }

  /** At once; who waited behind the first one is told, and may go elsewhere. */
  destroy(): void {
    this.#taker = undefined;
    this.#isReusable = false;
    this.#socket.destroy();
    this.#letGoFollowers();
  }

  #await(taker: AnswerTaker): void {
    this.#taker = taker;
    this.#reader.begin(taker.isHead);
    this.#hasAnswerByte = false;
  }

  /** What they asked for is safe to be asked again, and whatever may still come of it is no longer read. */
  #letGoFollowers(): void {
    if (this.#followers.length === 0) return;
    this.#isReusable = false;
    for (const follower of this.#followers.splice(0)) follower.onFailed("stale");
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
    const bytes = this.#bytes;
    const to = this.#readAt + length;
    let at = headRoom;
    do at = this.#readNext(bytes, at, to);
    while (at < to && bytes === this.#bytes && !this.#socket.destroyed);
    if (at === to && bytes === this.#bytes) this.#readInto(headRoom);
    return !this.#socket.isPaused();
  }

  /** @returns behind what was read; more than `to`: the rest of a head is awaited */
  #readNext(bytes: Buffer, at: number, to: number): number {
    const taker = this.#taker;
    if (taker === undefined) {
      this.destroy();
      return to;
    }
    this.#hasAnswerByte = true;
    const reader = this.#reader;
    switch (reader.read(bytes, at, to)) {
      case "partial-head":
        this.#awaitRest(bytes, at, to);
        return to + 1;
      case "malformed":
        this.#fail("malformed");
        return to;
      case "information":
        taker.onInformation(reader.head, bytes);
        return reader.end;
      case "answer":
        if (reader.head.closes || reader.framing === "close") this.#isReusable = false;
        taker.onAnswer(reader.head, bytes, reader.passedEnd);
        break;
      case "body":
        if (reader.passedEnd > at) taker.onBody(bytes, at, reader.passedEnd);
        break;
    }
    if (reader.isComplete && this.#taker !== undefined) {
      // Nobody asked for what follows: it must not become the answer to what is asked next.
      if (reader.end < to && this.#followers.length === 0) this.#isReusable = false;
      this.#complete();
    }
    return reader.end;
  }

  /** The next read goes behind what there is of a head. */
  #awaitRest(bytes: Buffer, from: number, to: number): void {
    if (from > headRoom) bytes.copyWithin(headRoom, from, to);
    const at = headRoom + to - from;
    if (at === bytes.length) this.#fail("malformed");
    else this.#readInto(at);
  }

  #complete(): void {
    const taker = this.#taker!;
    const { trailers } = this.#reader;
    this.#served++;
    this.#taker = undefined;
    if (!this.#isReusable) this.#letGoFollowers();
    const next = this.#followers.shift();
    if (next !== undefined) {
      this.#await(next);
      this.#endIfForNobody();
    } else if (isNobody(taker)) this.destroy(); // Nobody is left to give it back.
    taker.onComplete(trailers);
  }

  /** No deadline bounds a wait for answers that nobody wants. */
  #endIfForNobody(): void {
    if (this.#taker !== undefined && isNobody(this.#taker) && this.#followers.every(isNobody)) this.destroy();
  }

  #onEnd(): void {
    this.#isReusable = false;
    if (this.#reader.endOfConnection() && this.#taker !== undefined) this.#complete();
  }

  #onClose(): void {
    const hasHead = this.#taker !== undefined && this.#reader.hasHead;
    const isStale = this.#served > 0 && !this.#hasAnswerByte;
    this.#fail(this.isPending ? "connect" : hasHead ? "body" : isStale ? "stale" : "reset");
    this.#onClosed(this);
    giveBuffer(this.#bytes);
  }

  #fail(failure: ConnectionFailure): void {
    const taker = this.#taker;
    this.destroy();
    taker?.onFailed(failure);
  }
}

const nothing = Buffer.alloc(0);
