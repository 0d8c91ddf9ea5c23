import type { AnswerHead, Problem } from "../../http/index.ts";
import type { CacheableRequest, AwaitedFill, CacheFill, CacheReader, ReadyAnswer } from "../cache-port.ts";
import type { Fetch } from "../caching/fetch.ts";
import { maxAsks } from "../caching/cached-answer.ts";
import type { Fetched } from "../caching/fetches.ts";
import { orderOf } from "../caching/fetch-order.ts";
import type { Course } from "../course.ts";
import type { CachedDestination } from "../destination.ts";
import type { DataPlane } from "../data-plane.ts";
import { findOverdue } from "../deadlines.ts";
import * as problems from "../problems.ts";
import { informationText } from "./answer-fields.ts";
import type { FastExchange } from "./fast-exchange.ts";
import type { FastExchangeHost } from "./fast-exchange-host.ts";
import type { FastRequest } from "./fast-request.ts";

/**
 * Requests of one connection that the cache is asked about, one after another. What the cache does not have, and nobody fetches for it, goes
 * to the connection's exchange.
 *
 *     idle ──► asked ──► answering ──► idle
 *                ├─ on its way ──► waiting ──► answering
 *                └─ not for the cache ──► FastExchange
 */
export class CachedReading implements CacheReader {
  isActive = false;
  readonly #request: FastRequest;
  readonly #exchange: FastExchange;
  readonly #host: FastExchangeHost;
  readonly #plane: DataPlane;
  #destination: CachedDestination | undefined = undefined;
  #asked: CacheableRequest | undefined = undefined;
  #asks = 0;
  #fill: AwaitedFill | undefined = undefined;
  #isChunked = false;
  #isBlocked = false;
  #hasBegun = false;
  #hasEnded = false;
  #isLast = false;

  constructor(request: FastRequest, exchange: FastExchange, host: FastExchangeHost, plane: DataPlane) {
    this.#request = request;
    this.#exchange = exchange;
    this.#host = host;
    this.#plane = plane;
  }

  get #course(): Course {
    return this.#exchange.course;
  }

  start(destination: CachedDestination): void {
    const { service, rules, terms } = destination;
    this.#course.begin();
    this.#course.service = service;
    this.#course.heedDeadline(this.#request, terms);
    this.isActive = true;
    this.#asks = 0;
    this.#hasBegun = this.#hasEnded = this.#isBlocked = false;
    this.#destination = destination;
    this.#asked = this.#request.cacheable(service.name, rules, this.#plane.cache!);
    this.#ask();
  }

  /** The client has taken all there was. */
  onTaken(): void {
    if (!this.isActive) return;
    this.#isBlocked = false;
    this.#course.hasBeenActive = true;
    if (this.#hasEnded) this.#finish();
    else this.#fill?.resume(this);
  }

  /** The client has left. */
  abandon(): void {
    if (!this.isActive) return;
    if (!this.#hasEnded) this.#course.error ??= "CLIENT_GONE";
    if (!this.#hasBegun) this.#course.status = 499;
    this.#fill?.leave(this);
    this.#finish();
  }

  /** Ends what has taken too long; what is fetched has its own deadlines. @param now as `performance.now()` */
  checkDeadline(now: number): void {
    const { timeouts } = this.#destination!.service;
    const overdue = findOverdue(this.#course, now, { timeouts, attempt: undefined, body: undefined });
    if (overdue === undefined) return;
    if (this.#hasBegun) return this.#host.destroy();
    if (overdue !== "timeout-total") return;
    // What is still told of this answer would be taken for the answer to the next request.
    this.#fill?.leave(this);
    this.#fill = undefined;
    this.#fail(problems.totalTimeout);
  }

  // — The answer —

  onReady(answer: ReadyAnswer): void {
    const { body } = answer;
    this.#begin(answer, "", body);
    this.#course.bytesOut = answer.bodyBytes;
    this.#end();
  }

  onBegin(answer: ReadyAnswer, length: number): void {
    this.#isChunked = length === -1;
    this.#begin(answer, this.#isChunked ? "Transfer-Encoding: chunked\r\n" : "", undefined);
  }

  onBody(bytes: Buffer): boolean {
    this.#course.hasBeenActive = true;
    this.#course.bytesOut += bytes.length;
    if (this.#isChunked) this.#write(`${bytes.length.toString(16)}\r\n`);
    this.#write(bytes);
    if (this.#isChunked) this.#write("\r\n");
    return !this.#isBlocked;
  }

  onEnd(): void {
    if (this.#isChunked) this.#write("0\r\n\r\n");
    this.#end();
  }

  onBroken(): void {
    this.#fill = undefined;
    this.#course.error = problems.upstreamFailed.code;
    this.#host.destroy();
  }

  onAskAgain(): void {
    this.#fill = undefined;
    this.#ask();
  }

  onAlone(source: Fetch): void {
    this.#fill = undefined;
    this.isActive = false;
    const { service, startedAt } = this.#course;
    source.giveTo(this.#exchange, (connection, course) =>
      this.#exchange.adopt(connection, course, { service, startedAt }),
    );
  }

  onFailed(failure: unknown): void {
    this.#fill = undefined;
    this.#fail(failure as Problem);
  }

  #ask(): void {
    // A cache that has been asked counts on the fetch that it names.
    if (++this.#asks > maxAsks) return this.#pass();
    const verdict = this.#plane.cache!.ask(this.#asked!);
    if (verdict.kind === "pass") return this.#pass();
    if (verdict.kind === "unavailable") return this.#fail(problems.notStored);
    if (verdict.kind === "fill") return this.#await(verdict);
    if (verdict.behind?.isNew === true) this.#plane.fetches.start(verdict.behind, this.#fetched(), undefined);
    this.onReady(verdict.answer);
  }

  #await(fill: CacheFill): void {
    this.#fill = fill;
    fill.join(this, this.#asked!);
    if (fill.isNew) this.#plane.fetches.start(fill, this.#fetched(), this.#inform);
  }

  #fetched(): Fetched {
    const { service, terms } = this.#destination!;
    return { order: orderOf(this.#request), service, terms, isFellow: this.#request.isFellow };
  }

  readonly #inform = (head: AnswerHead, bytes: Buffer): void => {
    if (this.#fill === undefined || this.#hasBegun) return;
    this.#course.hasAnswered = true;
    this.#write(informationText(bytes, head, this.#request.requestId));
  };

  #pass(): void {
    this.isActive = false;
    this.#exchange.start(this.#destination!, "", this.#course.startedAt);
    this.#exchange.course.pass();
  }

  #fail(problem: Problem): void {
    this.isActive = false;
    const { startedAt } = this.#course;
    this.#exchange.startRefused(problem, "", this.#destination!.service, startedAt);
  }

  #begin({ outcome, status, statusLine, said, text }: ReadyAnswer, framing: string, body: Buffer | undefined): void {
    const course = this.#course;
    course.status = status;
    course.cache = outcome;
    course.hasAnswered = this.#hasBegun = true;
    course.beginAnswer();
    this.#isLast = this.#host.plane.isDraining || this.#request.closes;
    const own = `X-Request-Id: ${this.#request.requestId}\r\n${this.#host.ownLines(this.#isLast)}`;
    const head = statusLine + said + own + framing + text;
    if (body === undefined) this.#write(head);
    else if (!this.#host.writer.writeBoth(head, body)) this.#isBlocked = true;
  }

  #write(data: string | Buffer): void {
    if (!this.#host.writer.write(data)) this.#isBlocked = true;
  }

  #end(): void {
    this.#fill = undefined;
    this.#hasEnded = true;
    if (!this.#isBlocked) this.#finish();
  }

  #finish(): void {
    this.isActive = false;
    this.#fill = undefined;
    this.#course.stage = "finished";
    this.#host.onFinished(this.#isLast);
  }
}
