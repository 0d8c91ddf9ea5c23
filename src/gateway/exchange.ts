import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Problem, problemMessage, readResponseHead, readTrailers } from "../http/index.ts";
import { Attempt, type AttemptListener } from "./attempt.ts";
import { AdoptedAttempt } from "./caching/adopted-attempt.ts";
import { CachedAnswer, type CachedAnswerHost } from "./caching/cached-answer.ts";
import { changeOf, isHeldForChange } from "./caching/changes.ts";
import type { Fetch } from "./caching/fetch.ts";
import { ClientAnswer } from "./client-answer.ts";
import { planCoding } from "./compression/coding-plan.ts";
import { Course } from "./course.ts";
import { findOverdue } from "./deadlines.ts";
import type { CachedDestination } from "./destination.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { InboundRequest } from "./inbound-request.ts";
import { send } from "./outbound-request.ts";
import * as problems from "./problems.ts";
import { type BodyListener, replayBytes, RequestBody } from "./request-body.ts";
import type { AttemptFailure } from "./resilience/retry-policy.ts";

type RawFields = readonly (Buffer | string)[];

/**
 * One request and its answer.
 *
 *     gathering ──► awaiting ──► answering ──► finished
 *         │          │  ▲ └─► tunnelling ─────────▲
 *         │          └──┘ another attempt         │
 *         └──────► refused (─► lingering) ────────┘
 *
 * gathering: a small body is read, or the first bytes of another. awaiting: an attempt is under way, and nothing of its answer has gone to the client.
 * answering: something has, so a failure can only break the connection. lingering: the answer was given before the whole body
 * came; closing at once would reset the connection and lose the answer, so the rest is read and thrown away for a moment.
 *
 * Whatever happens, `finish` runs once, and gives back what is held.
 */
export class Exchange implements AttemptListener, BodyListener, CachedAnswerHost {
  readonly request: InboundRequest;
  readonly answer: ClientAnswer;
  readonly course = new Course();
  attempt: Attempt | AdoptedAttempt | undefined;
  #cached: CachedAnswer | undefined;
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
    const length = request.bodyLength;
    if (length !== 0) this.#body = new RequestBody(request.req, this.#host.maxBodyBytes, this);
    if (request.fault !== undefined) return this.refuse(request.fault);
    if (request.target === "*") return this.#answerForServer();
    const destination = this.#host.route(request);
    if (destination === undefined) return this.refuse(problems.noRoute);
    const { service } = destination;
    if (this.#host.mayRead(destination, request) && this.#upgrade === undefined) return this.#askCache(destination);
    this.course.noteChange(changeOf(request, destination, this.#host.cache));
    this.course.enter(service);
    if (length === 0 || request.expectsContinue) return this.#next();
    this.course.stage = "gathering";
    if (length > 0 && length <= replayBytes) this.#body!.gather();
    // What the client sent along with the head is there by the end of the turn.
    else setImmediate(() => this.course.stage === "gathering" && this.#next());
  }

  /** Answers in the gateway's own name; when an answer has begun, only the end of the connection can say so. */
  refuse(problem: Problem): void {
    this.course.error = problem.code;
    this.#cached?.leave();
    this.attempt?.abandon();
    this.attempt = undefined;
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
    this.#tryAgain();
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

  #askCache({ service, rules }: CachedDestination): void {
    const { cache, fetches } = this.#host;
    this.course.service = service;
    this.#cached = new CachedAnswer(this, cache!, fetches, this.request.cacheable(service.name, rules, cache!));
    this.#cached.ask();
  }

  pass(): void {
    this.#cached = undefined;
    this.course.pass();
    this.course.enter(this.course.service!);
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
    const { request, course } = this;
    if (isHeldForChange(this, this.#host, status, raw, () => this.onHead(status, statusText, raw))) return;
    course.recordAnswer(status);
    const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
    const plan = planCoding(request, status, raw, this.#host.snapshot.settings.compression);
    const kind = { status, keepTrailer: request.isHttp11 && !isBodiless };
    const head = readResponseHead(plan?.fields ?? raw, request.requestId, kind);
    if (plan?.coding !== undefined && !isBodiless) this.answer.code(plan.coding);
    const cookie = course.service!.stickyCookie(request, course.upstream!, request.isSecure);
    if (cookie !== undefined) head.fields.push("Set-Cookie", cookie);
    if (course.passedStatus !== undefined) head.fields.push("Cache-Status", course.passedStatus);
    this.begin(status, statusText, head.fields, isBodiless ? -1 : (plan?.length ?? Number(head.contentLength ?? -1)));
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
    this.course.status = 101;
    this.course.stage = "tunnelling";
    this.course.service!.recordOutcome(attempt.upstream, false);
    this.#host.onUpgraded(this, attempt, fields, socket);
  }

  onFailed(failure: AttemptFailure | "refused-by-client-library"): void {
    this.attempt = undefined;
    this.#body?.release();
    if (failure === "refused-by-client-library") {
      return this.refuse(problems.badRequest("The request cannot be sent on."));
    }
    const problem = this.course.judge(failure, this.request.method, this.#canReplay());
    if (problem === undefined) this.#tryAgain();
    else this.refuse(problem);
  }

  #tryAgain(): void {
    this.attempt = undefined;
    this.#body?.release();
    this.#next();
  }

  #next(): void {
    const problem = this.course.choose(this.request);
    if (problem !== undefined) return this.refuse(problem);
    this.attempt = new Attempt(this.course.upstream!, this, this.#host.onReleased);
    this.#send(this.attempt);
  }

  #send(attempt: Attempt): void {
    const fields = (this.#fields ??= this.request.upstreamFields());
    send(attempt, this.request, { fields, payload: this.#payload, body: this.#body, upgrade: this.#upgrade });
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
    const { fault, bodyLength } = this.request;
    // A small body is soon read and thrown away; for another, the connection is not worth it.
    const isUnread = this.#body?.isComplete === false && (bodyLength < 0 || bodyLength > replayBytes);
    // What came along with a request whose Upgrade is ignored, Node's parser has thrown away.
    const hasLost = this.request.head.upgrade !== undefined && this.#upgrade === undefined;
    // After a request that is not well, what follows on the connection is not to be believed either.
    if (isUnread || hasLost || fault !== undefined || this.#host.isDraining) {
      fields.push("Connection", "close");
      this.#host.onLastAnswer(this.request.req.socket);
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
    this.course.stage = "finished";
    this.course.bytesOut += this.answer.bytes;
    this.#cached?.leave();
    this.attempt?.abandon();
    this.attempt = undefined;
    this.#body?.release();
    this.#host.onFinished(this);
  }
}
