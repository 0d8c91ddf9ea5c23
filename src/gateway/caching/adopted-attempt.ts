import {
  answerFields,
  type AnswerHead,
  answerReason,
  type AnswerTaker,
  ChunkData,
  type ConnectionFailure,
  readAnswerFields,
  type UpstreamConnection,
} from "../../http/index.ts";
import type { AttemptListener } from "../attempt.ts";
import type { Course } from "../course.ts";
import type { Upstream } from "../upstream.ts";
import type { Fetch } from "./fetch.ts";

/** An answer that was fetched for the cache and is for one client of the full path alone: from its head on, an attempt as any other. */
export class AdoptedAttempt implements AnswerTaker {
  readonly isHead = false;
  readonly isPending = false;
  readonly upstream: Upstream;
  readonly #source: Fetch;
  readonly #listener: AttemptListener;
  readonly #onReleased: (upstream: Upstream) => void;
  #connection: UpstreamConnection | undefined = undefined;
  #chunks: ChunkData | undefined = undefined;
  #isPaused = false;

  constructor(source: Fetch, listener: AttemptListener, onReleased: (upstream: Upstream) => void) {
    this.#source = source;
    this.upstream = source.upstream!;
    this.#listener = listener;
    this.#onReleased = onReleased;
  }

  /** Takes it over. @param course of the client's request */
  begin(course: Course): void {
    this.#source.giveTo(this, (connection, fetched) => {
      this.#connection = connection;
      course.takeOver(fetched);
    });
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#connection?.resume();
  }

  abandon(): void {
    this.#connection?.abandon(this);
    this.#release();
  }

  onConnected(): void {}

  onInformation(): void {}

  onAnswer(head: AnswerHead, bytes: Buffer, to: number): void {
    if (this.#connection!.framing === "chunked") this.#chunks = new ChunkData();
    this.#listener.onHead(head.status, answerReason(bytes, head), answerFields(bytes, head));
    this.onBody(bytes, head.end, to);
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    const take = (start: number, end: number): void => {
      if (start < end) this.#listener.onData(Buffer.from(bytes.subarray(start, end)));
    };
    if (this.#chunks === undefined) take(from, to);
    else this.#chunks.read(bytes, from, to, take);
    if (this.#isPaused) this.#connection?.holdBack();
  }

  onComplete(trailers: string): void {
    if (this.#isPaused) this.#connection!.resume();
    this.#release();
    this.#listener.onEnd(readAnswerFields(trailers) ?? []);
  }

  onFailed(failure: ConnectionFailure): void {
    this.#release();
    this.#listener.onFailed(failure);
  }

  #release(): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    this.#connection = undefined;
    this.upstream.release(connection);
    this.#onReleased(this.upstream);
  }
}
