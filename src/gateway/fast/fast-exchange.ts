import {
  type AnswerHead,
  answerFields,
  type AnswerTaker,
  type ConnectionFailure,
  type Problem,
  type UpstreamConnection,
} from "../../http/index.ts";
import { holdAnswer } from "../caching/held-answer.ts";
import { Course } from "../course.ts";
import { findOverdue } from "../deadlines.ts";
import type { Destination } from "../destination.ts";
import type { PlaceTaker } from "../overload/place.ts";
import * as problems from "../problems.ts";
import type { AttemptFailure } from "../resilience/retry-policy.ts";
import type { Service } from "../service.ts";
import type { Upstream } from "../upstream.ts";
import { informationText } from "./answer-fields.ts";
import { AnswerPassing } from "./answer-passing.ts";
import { passageOf } from "./body-passage.ts";
import type { FastExchangeHost } from "./fast-exchange-host.ts";
import type { FastRequest } from "./fast-request.ts";
import { problemText } from "./own-answer.ts";
import { Sending, type SendingKind } from "./sending.ts";
import { maxBehindMs, mayShare } from "./sharing.ts";
import { Upload } from "./upload.ts";

/**
 * One request after another on the fast path, each with its answer; the object is the connection's, so that a request leaves nothing
 * behind to be collected.
 *
 *     idle ──► gathering ──► awaiting ──► answering ──► idle
 *                 │            │  ▲ │        ▲
 *                 │            └──┘ │ another attempt
 *                 └────────────► refused
 *
 * As on the full path (exchange.ts): what is to be decided the course decides; a body of up to 64 KiB is gathered before an upstream
 * is chosen, a larger one passes through as it comes. An answer's bytes go to the client from where they were read; when the
 * client does not take them all, the upstream is not read on.
 */
export class FastExchange implements AnswerTaker, PlaceTaker {
  readonly course = new Course();
  readonly request: FastRequest;
  readonly #host: FastExchangeHost;
  readonly #answer: AnswerPassing;
  readonly #sending: Sending;
  readonly #upload = new Upload();
  #isLast = false;
  isActive = false;
  #hasBegun = false;
  #hasEnded = false;

  constructor(request: FastRequest, host: FastExchangeHost) {
    this.request = request;
    this.#host = host;
    this.#answer = new AnswerPassing({
      write: (data) => host.writer.write(data),
      onRoom: () => this.#goOn(),
      onEnd: () => {
        this.#hasEnded = true;
        this.#goOn();
      },
      onBroken: () => host.destroy(),
    });
    this.#sending = new Sending(this.course, this, (upstream) => host.plane.onReleased(upstream));
  }

  get isHead(): boolean {
    return this.request.method === "HEAD";
  }

  /** Of the last request: some of its body is still to come from the client. */
  get hasUnreadBody(): boolean {
    return this.#upload.missingBytes > 0;
  }

  /** Where the request is now. */
  get upstream(): Upstream | undefined {
    return this.#sending.upstream;
  }

  /** @param body what has come of it, as latin1 */
  start({ service, terms }: Destination, body: string, startedAt?: number): void {
    this.#begin(body, startedAt);
    this.course.enter(service, terms);
    if (this.#upload.isGathering) this.course.stage = "gathering";
    else this.#next(this.#host.plane.mayShare && mayShare(this.request, service) ? "shared" : "ordinary");
  }

  /** Nobody is to have it. */
  startRefused(problem: Problem, body: string, service: Service | undefined, startedAt?: number): void {
    this.#begin(body, startedAt);
    this.course.service = service;
    this.refuse(problem);
  }

  /** Goes on with what was begun for the cache, and is for this client alone. */
  adopt(connection: UpstreamConnection, course: Course, begun: Pick<Course, "service" | "startedAt">): void {
    this.#begin("", begun.startedAt);
    this.course.service = begun.service;
    this.course.takeOver(course);
    this.course.pass();
    this.#sending.connection = connection;
  }

  /** From the client, as latin1. @returns how many of them are the body's */
  onClientBytes(text: string): number {
    const upload = this.#upload;
    if (upload.missingBytes === 0 || this.#hasEnded || this.course.stage === "queued") return 0;
    const wasGathering = upload.isGathering;
    const own = upload.take(text);
    this.course.bytesIn += own.length;
    this.course.hasBeenActive = true;
    if (!wasGathering) this.#passOn(own);
    else if (upload.missingBytes === 0) this.#next("ordinary");
    return own.length;
  }

  /** The client has taken all there was. */
  onTaken(): void {
    if (!this.isActive) return;
    this.#answer.onTaken();
    this.course.hasBeenActive = true;
    this.#goOn();
  }

  /** Answers in the gateway's own name; when an answer has begun, only the end of the connection can say so. */
  refuse(problem: Problem): void {
    this.#sending.abandon();
    this.course.refuse(problem);
    if (this.#hasBegun) return this.#host.destroy();
    this.#hasBegun = this.#hasEnded = true;
    this.#isLast = this.#host.plane.isDraining || this.request.closes || this.#upload.missingBytes > 0;
    const { head, body } = problemText(problem, this.request.requestId, this.#host.ownLines(this.#isLast));
    this.course.status = problem.status;
    this.course.bytesOut = this.isHead ? 0 : body.length;
    this.course.beginAnswer();
    this.#answer.text(this.isHead ? head : head + body);
    if (!this.#answer.isBlocked) this.#finish();
  }

  /** The client has left. */
  abandon(): void {
    if (!this.isActive) return;
    if (!this.#hasEnded) this.course.error ??= "CLIENT_GONE";
    if (!this.#hasBegun) this.course.status = 499;
    this.#sending.abandon();
    this.#finish();
  }

  /** The upstream hangs or has left: when the request may be repeated and somebody else is there, it goes there at once. */
  moveAway(): void {
    if (this.#sending.connection === undefined || !this.course.move(this.request.method, this.#upload.canReplay))
      return;
    this.#sending.abandon();
    this.#next("ordinary");
  }

  /** Ends what has taken too long. @param now as `performance.now()` */
  checkDeadline(now: number): void {
    const attempt = this.#sending.connection;
    const timeouts = this.course.service?.timeouts;
    const overdue = findOverdue(this.course, now, { timeouts, attempt, body: this.#upload });
    if (overdue === undefined && attempt?.isBehind(this) === true) return this.#overtake(now);
    if (overdue === undefined || overdue === "linger") return;
    if (overdue === "client-stalled") return this.refuse(problems.bodyTimeout);
    if (overdue === "timeout-total") return this.refuse(problems.totalTimeout);
    if (attempt === undefined || this.#answer.isBlocked) return this.refuse(problems.clientStalled);
    attempt.abandon(this);
    this.#judge(overdue);
  }

  onPlaced(): void {
    this.#next("ordinary");
    if (this.#upload.missingBytes > 0) this.#host.offerWaiting();
  }

  // — The attempt —

  onConnected(): void {
    this.course.upstream!.onConnected();
    if (this.#upload.missingBytes === 0) this.course.sentAt = performance.now();
  }

  onInformation(head: AnswerHead, bytes: Buffer): void {
    if (head.status === 100) return; // Nobody asked for it here.
    this.course.hasAnswered = true;
    this.#answer.text(informationText(bytes, head, this.request.requestId));
  }

  onAnswer(head: AnswerHead, bytes: Buffer, to: number): void {
    const { course, request } = this;
    const connection = this.#sending.connection!;
    const invalidated = this.#invalidate(head, bytes);
    if (invalidated !== undefined) {
      const isWanted = (): boolean => this.#sending.connection === connection;
      return holdAnswer(invalidated, this, connection, { head, bytes, to, isWanted });
    }
    course.recordAnswer(head.status);
    course.status = head.status;
    course.hasAnswered = this.#hasBegun = true;
    course.bytesOut = connection.dataBytes;
    this.#isLast = this.#host.plane.isDraining || request.closes || this.#upload.missingBytes > 0;
    if (this.#upload.missingBytes > 0) connection.spoil();
    const arrival = { request, course, connection, host: this.#host, isLast: this.#isLast };
    this.#answer.head(head, bytes, to, passageOf(head, bytes, arrival));
    if (this.#answer.isBlocked) connection.holdBack();
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    const connection = this.#sending.connection!;
    this.course.hasBeenActive = true;
    this.course.bytesOut += connection.dataBytes;
    this.#answer.body(bytes, from, to);
    if (this.#answer.isBlocked) connection.holdBack();
  }

  onComplete(trailers: string): void {
    this.#hasEnded = this.#answer.end(trailers);
    if (this.#answer.isBlocked) this.#sending.connection!.resume();
    this.#sending.release();
    this.#goOn();
  }

  onFailed(failure: ConnectionFailure): void {
    this.#judge(failure);
  }

  /** Once. @returns when what the request has changed is gone from all caches; `undefined`: it is */
  #invalidate(head: AnswerHead, bytes: Buffer): Promise<void> | undefined {
    const { change } = this.course;
    this.course.change = undefined;
    return change && this.#host.plane.invalidate(change, head.status, answerFields(bytes, head));
  }

  #begin(body: string, startedAt?: number): void {
    this.course.begin(startedAt);
    this.isActive = true;
    this.#upload.begin(this.request.bodyLength, body);
    this.course.bytesIn = body.length;
    this.#hasBegun = this.#hasEnded = false;
    this.#answer.begin();
  }

  /** Behind a request that turns out slow: this one goes on a connection of its own. */
  #overtake(now: number): void {
    if (now - this.course.attemptedAt < maxBehindMs) return;
    this.course.service!.moved++;
    this.#sending.abandon();
    this.#next("fresh");
  }

  #next(kind: SendingKind): void {
    const isWhole = this.#upload.missingBytes === 0;
    const problem = this.#sending.send(this.request, this.#text, kind, isWhole);
    // What is still to come of a large body is not read before there is a place for it.
    if (problem === "waiting") return isWhole ? undefined : this.#host.pauseReading();
    if (problem !== undefined) this.refuse(problem);
  }

  /** What is sent at once. */
  readonly #text = (): string => this.request.outboundHead(this.course.isDimmed) + this.#upload.held;

  #judge(failure: AttemptFailure): void {
    this.#sending.release();
    const problem = this.course.judge(failure, this.request.method, this.#upload.canReplay);
    if (problem !== undefined) this.refuse(problem);
    else this.#next(failure === "stale" ? "fresh" : "ordinary");
  }

  #passOn(own: string): void {
    if (!this.#upload.pass(own, this.#sending.connection!, this.#onUploadTaken)) this.#host.pauseReading();
    else if (this.#upload.missingBytes === 0) this.course.sentAt = performance.now();
  }

  readonly #onUploadTaken = (): void => {
    if (!this.#upload.isBlocked) return;
    this.#upload.isBlocked = false;
    this.course.hasBeenActive = true;
    if (this.#upload.missingBytes === 0) this.course.sentAt = performance.now();
    this.#host.resumeReading();
  };

  /** Nothing blocks it, or no longer. */
  #goOn(): void {
    if (this.#answer.isBlocked) return;
    if (this.#hasEnded) this.#finish();
    else this.#sending.connection?.resume();
  }

  #finish(): void {
    this.isActive = false;
    this.course.bytesOut = this.#answer.codedBytes ?? this.course.bytesOut;
    this.#answer.release();
    this.course.end();
    this.#upload.end();
    this.#host.onFinished(this.#isLast);
  }
}
