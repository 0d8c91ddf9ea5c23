import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/**
 * A request's body on its way to an upstream, in one of two ways.
 *
 * Gathered: a body announced as small is read whole before an upstream is chosen. It then travels in one write, can be sent
 * again, and a client that dawdles costs no instance anything.
 *
 * Streamed: chunks pass through as they come, no faster than the upstream takes them: the client's socket is read only when
 * the upstream asks. The first 64 KiB are kept as long as they are all there is, so that another attempt can begin anew.
 */
export const replayBytes = 65_536;

export interface BodyListener {
  /** The upstream asks for the body for the first time. */
  onBodyWanted(): void;
  onBodyBytes(count: number): void;
  onBodyEnded(): void;
  onBodyTooLarge(): void;
  onBodyGathered(body: Buffer): void;
}

export class RequestBody {
  readonly #req: IncomingMessage;
  readonly #maxBytes: number;
  readonly #listener: BodyListener;
  #bytes = 0;
  #isComplete = false;
  #isRead = false;
  #isGathering = false;
  #kept: Buffer[] | undefined = [];
  #sink: Readable | undefined;

  constructor(req: IncomingMessage, maxBytes: number, listener: BodyListener) {
    this.#req = req;
    this.#maxBytes = maxBytes;
    this.#listener = listener;
  }

  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** Something of it has come, or all there is, which may be nothing. */
  get hasBegun(): boolean {
    return this.#bytes > 0 || this.#req.readableLength > 0 || this.#req.complete;
  }

  /** Another attempt could send the body from its first byte. */
  get canReplay(): boolean {
    return this.#kept !== undefined;
  }

  /** There is more to send than the upstream takes. */
  get isBlocked(): boolean {
    return this.#sink !== undefined && this.#isRead && this.#req.isPaused();
  }

  get trailers(): readonly string[] {
    return this.#req.rawTrailers;
  }

  /** Reads the whole body, at most `replayBytes`, and hands it to the listener. */
  gather(): void {
    this.#isGathering = true;
    this.#read();
  }

  /** The body as a stream for one attempt, from the first byte; only while it `canReplay`. An earlier stream gets no more. */
  open(): Readable {
    const sink = new Readable({
      highWaterMark: replayBytes,
      read: () => this.#onWanted(sink),
    });
    for (const chunk of this.#kept!) sink.push(chunk);
    if (this.#isComplete) sink.push(null);
    this.#sink = sink;
    return sink;
  }

  /** The attempt is over: nothing is read until the next one asks. */
  release(): void {
    this.#sink = undefined;
    if (this.#isRead && !this.#isComplete) this.#req.pause();
  }

  /** Nobody wants the rest: it is read and thrown away, so that the connection can be used, or closed, in order. */
  discard(): void {
    this.#sink = undefined;
    this.#kept = undefined;
    this.#isGathering = false;
    this.#read();
  }

  #onWanted(sink: Readable): void {
    if (sink !== this.#sink || this.#isComplete) return;
    if (!this.#isRead) this.#listener.onBodyWanted();
    this.#read();
  }

  #read(): void {
    if (!this.#isRead) {
      this.#isRead = true;
      this.#req.on("data", (chunk: Buffer) => this.#onData(chunk));
      this.#req.on("end", () => this.#onEnd());
    }
    this.#req.resume();
  }

  #onData(chunk: Buffer): void {
    this.#bytes += chunk.length;
    this.#listener.onBodyBytes(chunk.length);
    if (this.#bytes > this.#maxBytes) {
      if (this.#bytes - chunk.length <= this.#maxBytes) this.#listener.onBodyTooLarge();
      return;
    }
    if (this.#bytes <= replayBytes) this.#kept?.push(chunk);
    else this.#kept = undefined;
    if (this.#isGathering) return;
    if (this.#sink === undefined) return;
    if (!this.#sink.push(chunk)) this.#req.pause();
  }

  #onEnd(): void {
    this.#isComplete = true;
    if (this.#bytes > this.#maxBytes) return;
    if (this.#isGathering) {
      const kept = this.#kept!;
      this.#listener.onBodyGathered(kept.length === 1 ? kept[0]! : Buffer.concat(kept));
      return;
    }
    this.#sink?.push(null);
    this.#listener.onBodyEnded();
  }
}
