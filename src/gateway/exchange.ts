import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Problem, problemMessage, readResponseHead, readTrailers } from "../http/index.ts";
import { Attempt, type AttemptListener } from "./attempt.ts";
import { AdoptedAttempt } from "./caching/adopted-attempt.ts";
import { CachedAnswer, type CachedAnswerHost } from "./caching/cached-answer.ts";
import { changeOf, isHeldForChange } from "./caching/changes.ts";
import type { Fetch } from "./caching/fetch.ts";
import { ClientAnswer } from "./client-answer.ts";
import { Course } from "./course.ts";
import { findOverdue } from "./deadlines.ts";
import type { CachedDestination, Destination } from "./destination.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { InboundRequest } from "./inbound-request.ts";
import { refusalOf } from "./limit-refusal.ts";
import type { Ruling } from "./limits-port.ts";
import { isLastOfConnection } from "./last-answer.ts";
import { brownoutField } from "./overload/brownout.ts";
import type { PlaceTaker } from "./overload/place.ts";
import { send } from "./outbound-request.ts";
import { passAnswer } from "./passed-answer.ts";
import * as problems from "./problems.ts";
import { type BodyListener, replayBytes, RequestBody } from "./request-body.ts";
import type { AttemptFailure } from "./resilience/retry-policy.ts";

type RawFields = readonly (Buffer | string)[];

/**
 * One request and its answer.
 *
 *     gathering ──► queued ──► awaiting ──► answering ──► finished
 *         │          │        │  ▲ └─► tunnelling ─────────▲
 *         │          │        └──┘ another attempt         │
 *         └──────────┴──► refused (─► lingering) ──────────┘
 *
 * gathering: a small body is read, or the first bytes of another. queued: there is no place at the service yet. awaiting: an attempt is under way, and nothing of its answer has gone to the client.
 * answering: something has, so a failure can only break the connection. lingering: the answer was given before the whole body
 * came; closing at once would reset the connection and lose the answer, so the rest is read and thrown away for a moment.
 *
 * Whatever happens, `finish` runs once, and gives back what is held.
 */
export class Exchange implements AttemptListener, BodyListener, CachedAnswerHost, PlaceTaker {
  readonly request: InboundRequest;
  readonly answer: ClientAnswer;
  readonly course = new Course();
  attempt: Attempt | AdoptedAttempt | undefined;
  #cached: CachedAnswer | undefined;
  #destination: Destination | undefined;
  readonly #host: ExchangeHost<Exchange>;
  readonly #upgrade: string | undefined;
  #body: RequestBody | undefined;
  #payload: Buffer | undefined;
  #fields: string[] | undefined;
  #isFinished = false;

  constructor(
    request: InboundRequest,
    answer: { res: ServerResponse; isUpgrade: boolean },
    host: ExchangeHost<Exchange>,
  ) {
    this.request = request;
    this.#host = host;
    this.#upgrade = answer.isUpgrade ? request.head.upgrade : undefined;
    this.course.begin();
    this.answer = new ClientAnswer(answer.res, () => (this.attempt ?? this.#cached)?.resume());
  }

  start(): void {
    const { request } = this;
    this.answer.res.on("close", () => this.#onClientClosed());
    if (request.bodyLength !== 0) this.#body = new RequestBody(request.req, this.#host.maxBodyBytes, this);
    if (request.fault !== undefined) return this.refuse(request.fault);
    if (request.target === "*") return this.#answerForServer();
    const destination = this.#host.route(request);
    if (destination === undefined) return this.refuse(problems.noRoute);
    const ruling = this.#host.limit(destination, request);
    if (!(ruling instanceof Promise)) return this.#enter(destination, ruling);
    void ruling.then((settled) => this.#isFinished || this.answer.hasBegun || this.#enter(destination, settled));
  }

  #enter(destination: Destination, ruling: Ruling | undefined): void {
    const { request } = this;
    const { service, terms } = destination;
    this.#destination = destination;
    this.course.service = service;
    request.ruling = ruling;
    const refusal = refusalOf(ruling);
    if (refusal !== undefined) return this.refuse(refusal);
    if (this.#host.mayRead(destination, request) && this.#upgrade === undefined) return this.#askCache(destination);
    this.course.noteChange(changeOf(request, destination, this.#host.cache));
    this.course.enter(service, terms);
    const length = request.bodyLength;
    if (length === 0 || request.expectsContinue) return this.#next();
    this.course.stage = "gathering";
    if (length > 0 && length <= replayBytes) this.#body!.gather();
    // What the client sent along with the head is there by the end of the turn.
    else setImmediate(() => this.course.stage === "gathering" && this.#next());
  }

  /** Answers in the gateway's own name; when an answer has begun, only the end of the connection can say so. */
  refuse(problem: Problem): void {
    this.#cached?.leave();
    this.attempt?.abandon();
    this.attempt = undefined;
    this.course.refuse(problem);
    this.#body?.release();
    if (this.answer.hasBegun) return this.answer.breakOff();
    const { fields, body } = problemMessage(problem, this.request.requestId);
    this.begin(problem.status, STATUS_CODES[problem.status] ?? "", fields, body.length);
    if (this.request.method !== "HEAD") this.answer.write(body);
    this.end();
  }

  /** The upstream hangs or has left: when the request may be repeated and somebody else is there, it goes there at once. */
  moveAway(): void {
    if (this.attempt === undefined || !this.course.move(this.request.method, this.#canReplay())) return;
    this.attempt.abandon();
    this.attempt = undefined;
    this.#body?.release();
    this.#next();
  }

  /** Ends what has taken too long. @param now as `performance.now()` */
  checkDeadline(now: number): void {
    if (this.request.req.socket.destroyed) return this.#onClientClosed();
    const { attempt } = this;
    const timeouts = this.course.service?.timeouts;
    const overdue = findOverdue(this.course, now, { timeouts, attempt, body: this.#body });
    if (overdue === undefined) return;
    if (overdue === "linger") return this.answer.endForGood();
    if (overdue === "client-stalled") return this.refuse(problems.bodyTimeout);
    if (overdue === "timeout-total") return this.refuse(problems.totalTimeout);
    // The answer is there, or waits to be read on: it is the client that is slow.
    if (attempt === undefined || this.answer.isBlocked) return this.refuse(problems.clientStalled);
    attempt.abandon();
    this.onFailed(overdue);
  }

  // — The cache —

  #askCache(destination: CachedDestination): void {
    const { cache, fetches } = this.#host;
    this.course.heedDeadline(this.request, destination.terms);
    this.#cached = new CachedAnswer(this, destination, cache!, fetches);
    this.#cached.ask();
  }

  pass(): void {
    this.#cached = undefined;
    this.course.pass();
    this.course.enter(this.course.service!, this.#destination!.terms);
    this.#next();
  }

  adopt(fetch: Fetch): void {
    this.#cached = undefined;
    this.course.pass();
    this.attempt = new AdoptedAttempt(fetch, this, this.#host.onReleased);
    this.attempt.begin(this.course);
  }

  // — The request's body —

  onBodyWanted(): void {
    if (this.request.expectsContinue && !this.answer.hasBegun) this.answer.res.writeContinue();
  }

  onBodyBytes(count: number): void {
    this.course.bytesIn += count;
    this.course.hasBeenActive = true;
  }

  onBodyGathered(body: Buffer): void {
    this.#payload = body;
    if (this.course.stage === "gathering") this.#next();
  }

  onBodyEnded(): void {
    if (this.course.stage === "lingering") this.answer.end();
  }

  onBodyTooLarge(): void {
    if (this.course.stage !== "lingering") this.refuse(problems.bodyTooLarge);
  }

  // — The attempt —

  onRequestSent(): void {
    this.course.sentAt = performance.now();
  }

  onInformation(status: number, raw: RawFields): void {
    if (!this.request.isHttp11 || this.answer.hasBegun || status === 101) return;
    this.course.hasAnswered = true;
    this.answer.inform(status, readResponseHead(raw, this.request.requestId, { status, keepTrailer: false }).fields);
  }

  onHead(status: number, statusText: string, raw: RawFields): void {
    if (isHeldForChange(this, this.#host, status, raw, () => this.onHead(status, statusText, raw))) return;
    this.course.recordAnswer(status);
    const { fields, length, coding } = passAnswer(this, status, raw, this.#host.snapshot.settings.compression);
    if (coding !== undefined) this.answer.code(coding);
    this.begin(status, statusText, fields, length);
  }

  onData(chunk: Buffer): void {
    this.course.hasBeenActive = true;
    if (!this.answer.write(chunk)) this.attempt!.pause();
  }

  onEnd(trailers: RawFields): void {
    this.attempt = undefined;
    if (trailers.length > 0) this.answer.end(readTrailers(trailers));
    else this.end();
  }

  onUpgraded(attempt: Attempt, fields: RawFields, socket: Duplex): void {
    this.course.upgrade();
    this.#host.onUpgraded(this, attempt, fields, socket);
  }

  onFailed(failure: AttemptFailure | "refused-by-client-library"): void {
    this.attempt = undefined;
    this.#body?.release();
    if (failure === "refused-by-client-library") {
      return this.refuse(problems.badRequest("The request cannot be sent on."));
    }
    const problem = this.course.judge(failure, this.request.method, this.#canReplay());
    if (problem === undefined) this.#next();
    else this.refuse(problem);
  }

  onPlaced(): void {
    this.#next();
  }

  #next(): void {
    const { request, course } = this;
    const problem = course.choose(request, this);
    if (problem !== undefined) return problem === "waiting" ? undefined : this.refuse(problem);
    const attempt = (this.attempt = new Attempt(course.upstream!, this, this.#host.onReleased));
    this.#fields ??= course.isDimmed ? brownoutField.addTo(request.upstreamFields()) : request.upstreamFields();
    send(attempt, request, { fields: this.#fields, payload: this.#payload, body: this.#body, upgrade: this.#upgrade });
  }

  #canReplay(): boolean {
    return this.#body === undefined || this.#payload !== undefined || this.#body.canReplay;
  }

  #answerForServer(): void {
    this.begin(204, "No Content", ["Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"], -1);
    this.end();
  }

  begin(status: number, statusText: string, fields: string[], length: number): void {
    this.course.status = status;
    this.course.hasAnswered = true;
    this.course.beginAnswer();
    const { request } = this;
    if (request.ruling !== undefined) fields.push(...request.ruling.fields());
    if (this.#host.isDraining || isLastOfConnection(request, this.#body, this.#upgrade !== undefined)) {
      fields.push("Connection", "close");
      this.#host.onLastAnswer(request.req.socket);
    }
    this.answer.begin(status, statusText, fields, length);
  }

  end(): void {
    const body = this.#body;
    if (body === undefined || body.isComplete) return this.answer.end();
    if (this.answer.res.chunkedEncoding) return this.answer.endLingering();
    this.course.stage = "lingering";
    this.course.activeAt = performance.now();
    this.answer.flush();
    body.discard();
  }

  #onClientClosed(): void {
    const { course } = this;
    if (course.stage === "tunnelling") return;
    if (!this.answer.isEnded && course.stage !== "lingering") {
      course.error ??= "CLIENT_GONE";
      if (!this.answer.hasBegun) course.status = 499;
    }
    this.finish();
  }

  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.course.end();
    this.course.bytesOut += this.answer.bytes;
    this.#cached?.leave();
    this.attempt?.abandon();
    this.attempt = undefined;
    this.#body?.release();
    this.#host.onFinished(this);
  }
}
