import { type ServerResponse, STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { type Problem, problemMessage, readResponseHead, readTrailers } from "../http/index.ts";
import { Attempt, type AttemptListener } from "./attempt.ts";
import { ClientAnswer } from "./client-answer.ts";
import { findOverdue, type Stage, type Watched } from "./deadlines.ts";
import type { ExchangeHost } from "./exchange-host.ts";
import type { InboundRequest } from "./inbound-request.ts";
import { send } from "./outbound-request.ts";
import * as problems from "./problems.ts";
import { type BodyListener, replayBytes, RequestBody } from "./request-body.ts";
import { type AttemptFailure, isIdempotent, isRetriable } from "./resilience/retry-policy.ts";
import type { Service } from "./service.ts";
import type { Upstream } from "./upstream.ts";

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
export class Exchange implements AttemptListener, BodyListener, Watched {
  readonly request: InboundRequest;
  readonly answer: ClientAnswer;
  readonly startedAt: number;
  stage: Stage = "awaiting";
  service: Service | undefined;
  attempt: Attempt | undefined;
  /** Of the last attempt. */
  upstream: Upstream | undefined;
  attempts = 0;
  /** 0: not answered yet. */
  status = 0;
  error: string | undefined;
  bytesIn = 0;
  bytesOut = 0;
  upstreamMs = 0;
  hasBeenActive = false;
  activeAt: number;
  attemptedAt = 0;
  /** When the last byte of the request went to the upstream; 0: not yet. */
  sentAt = 0;
  readonly #host: ExchangeHost<Exchange>;
  readonly #upgrade: string | undefined;
  #body: RequestBody | undefined;
  #payload: Buffer | undefined;
  #fields: string[] | undefined;
  #tried: Upstream[] = untried;
  #hasInformed = false;
  #isFinished = false;

  constructor(
    request: InboundRequest,
    answer: { res: ServerResponse; isUpgrade: boolean },
    host: ExchangeHost<Exchange>,
  ) {
    this.request = request;
    this.#host = host;
    this.#upgrade = answer.isUpgrade ? request.head.upgrade : undefined;
    this.startedAt = this.activeAt = performance.now();
    this.answer = new ClientAnswer(answer.res, () => this.attempt?.resume());
  }

  start(): void {
    const { request } = this;
    this.answer.res.on("close", () => this.#onClientClosed());
    const length = request.bodyLength;
    if (length !== 0) this.#body = new RequestBody(request.req, this.#host.maxBodyBytes, this);
    if (request.fault !== undefined) return this.refuse(request.fault);
    if (request.target === "*") return this.#answerForServer();
    this.service = this.#host.route(request);
    if (this.service === undefined) return this.refuse(problems.noRoute);
    this.service.recordRequest();
    if (length === 0 || request.expectsContinue) return this.#next();
    this.stage = "gathering";
    if (length > 0 && length <= replayBytes) this.#body!.gather();
    // What the client sent along with the head is there by the end of the turn.
    else setImmediate(() => this.stage === "gathering" && this.#next());
  }

  /** Answers in the gateway's own name; when an answer has begun, only the end of the connection can say so. */
  refuse(problem: Problem): void {
    this.error = problem.code;
    this.attempt?.abandon();
    this.attempt = undefined;
    this.#body?.release();
    const { res } = this.answer;
    if (res.headersSent) return void res.destroy();
    const { fields, body } = problemMessage(problem, this.request.requestId);
    this.#begin(problem.status, STATUS_CODES[problem.status] ?? "", fields, body.length);
    if (this.request.method !== "HEAD") this.answer.write(body);
    this.#end();
  }

  /** The upstream hangs or has left: when the request may be repeated and somebody else is there, it goes there at once. */
  moveAway(): void {
    const { attempt, service } = this;
    if (attempt === undefined || service === undefined || this.stage !== "awaiting") return;
    if (service.retries === false || this.#hasInformed || !isIdempotent(this.request.method)) return;
    if (!this.#canReplay() || !service.hasOther(attempt.upstream)) return;
    service.moved++;
    attempt.abandon();
    this.#tryAnother(attempt.upstream);
  }

  /** Ends what has taken too long. @param now as `performance.now()` */
  checkDeadline(now: number): void {
    if (this.request.req.socket.destroyed) return this.#onClientClosed();
    const overdue = findOverdue(this, now, this.service?.timeouts, this.#body);
    if (overdue === undefined) return;
    if (overdue === "linger") return this.answer.end();
    if (overdue === "client-stalled") return this.refuse(problems.bodyTimeout);
    if (overdue === "timeout-total") return this.refuse(problems.totalTimeout);
    const { attempt } = this;
    // The answer is there, or waits to be read on: it is the client that is slow.
    if (attempt === undefined || this.answer.isBlocked) return this.refuse(problems.clientStalled);
    attempt.abandon();
    this.onFailed(attempt, overdue);
  }

  // — The request's body —

  onBodyWanted(): void {
    if (this.request.expectsContinue && !this.answer.hasBegun) this.answer.res.writeContinue();
  }

  onBodyBytes(count: number): void {
    this.bytesIn += count;
    this.hasBeenActive = true;
  }

  onBodyGathered(body: Buffer): void {
    this.#payload = body;
    if (this.stage === "gathering") this.#next();
  }

  onBodyEnded(): void {
    if (this.stage === "lingering") this.answer.end();
  }

  onBodyTooLarge(): void {
    if (this.stage !== "lingering") this.refuse(problems.bodyTooLarge);
  }

  // — The attempt —

  onRequestSent(): void {
    this.sentAt = performance.now();
  }

  onInformation(status: number, raw: RawFields): void {
    if (!this.request.isHttp11 || this.answer.hasBegun || status === 101) return;
    this.#hasInformed = true;
    this.answer.res.writeInformation(status, readResponseHead(raw, this.request.requestId, false).fields as never);
  }

  onHead(attempt: Attempt, status: number, statusText: string, raw: RawFields): void {
    const { request, service } = this;
    this.upstreamMs = performance.now() - this.attemptedAt;
    service!.recordLatency(attempt.upstream, this.upstreamMs);
    service!.recordOutcome(attempt.upstream, status >= 500);
    const isBodiless = request.method === "HEAD" || status === 204 || status === 304;
    const head = readResponseHead(raw, request.requestId, request.isHttp11 && !isBodiless);
    const cookie = service!.stickyCookie(request, attempt.upstream, request.isSecure);
    if (cookie !== undefined) head.fields.push("Set-Cookie", cookie);
    this.stage = "answering";
    this.hasBeenActive = true;
    this.#begin(status, statusText, head.fields, isBodiless ? -1 : Number(head.contentLength ?? -1));
  }

  onData(chunk: Buffer): void {
    this.hasBeenActive = true;
    if (!this.answer.write(chunk)) this.attempt!.pause();
  }

  onEnd(trailers: RawFields): void {
    this.attempt = undefined;
    if (trailers.length > 0) this.answer.end(readTrailers(trailers));
    else this.#end();
  }

  onUpgraded(attempt: Attempt, fields: RawFields, socket: Duplex): void {
    this.status = 101;
    this.stage = "tunnelling";
    this.service!.recordOutcome(attempt.upstream, false);
    this.#host.onUpgraded(this, attempt, fields, socket);
  }

  onFailed(attempt: Attempt, failure: AttemptFailure | "refused-by-client-library"): void {
    this.attempt = undefined;
    this.#body?.release();
    if (failure === "refused-by-client-library") {
      return this.refuse(problems.badRequest("The request cannot be sent on."));
    }
    const service = this.service!;
    service.recordOutcome(attempt.upstream, true);
    const { method } = this.request;
    const hasAnswered = this.answer.hasBegun || this.#hasInformed;
    const failed = { method, failure, isBodyReplayable: this.#canReplay(), hasAnswered, attempt: this.attempts };
    // A connection that was not made has cost nobody anything, so it needs no budget.
    const isFree = failure === "connect" || failure === "timeout-connect";
    if (isRetriable(failed, service.retries) && (isFree || service.tryRetry())) {
      service.retried++;
      this.#tryAnother(attempt.upstream);
    } else this.refuse(problems.ofFailure(failure));
  }

  #tryAnother(than: Upstream): void {
    this.attempt = undefined;
    this.#body?.release();
    this.#tried = [...this.#tried, than];
    this.#next();
  }

  #next(): void {
    this.stage = "awaiting";
    const chosen = this.service!.choose(this.request, this.#tried);
    if (chosen === "none") return this.refuse(problems.noUpstream);
    if (chosen === "full") {
      this.service!.shed++;
      return this.refuse(problems.upstreamOverloaded);
    }
    this.attempts++;
    this.upstream = chosen;
    this.attemptedAt = performance.now();
    this.sentAt = 0;
    const attempt = new Attempt(chosen, this, this.#host.onReleased);
    this.attempt = attempt;
    this.#send(attempt);
  }

  #send(attempt: Attempt): void {
    const fields = (this.#fields ??= this.request.upstreamFields());
    send(attempt, this.request, { fields, payload: this.#payload, body: this.#body, upgrade: this.#upgrade });
  }

  #canReplay(): boolean {
    return this.#body === undefined || this.#payload !== undefined || this.#body.canReplay;
  }

  #answerForServer(): void {
    this.#begin(204, "No Content", ["Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"], -1);
    this.#end();
  }

  #begin(status: number, statusText: string, fields: string[], length: number): void {
    this.status = status;
    const { fault, bodyLength } = this.request;
    // A small body is soon read and thrown away; for another, the connection is not worth it.
    const isUnread = this.#body?.isComplete === false && (bodyLength < 0 || bodyLength > replayBytes);
    // After a request that is not well, what follows on the connection is not to be believed either.
    if (isUnread || fault !== undefined || this.#host.isDraining) {
      fields.push("Connection", "close");
      this.#host.onLastAnswer(this.request.req.socket);
    }
    this.answer.begin(status, statusText, fields, length);
  }

  #end(): void {
    const body = this.#body;
    if (body === undefined || body.isComplete) return this.answer.end();
    if (this.answer.res.chunkedEncoding) return this.answer.endLingering();
    this.stage = "lingering";
    this.activeAt = performance.now();
    this.answer.flush();
    body.discard();
  }

  #onClientClosed(): void {
    if (this.stage === "tunnelling") return;
    if (!this.answer.isEnded && this.stage !== "lingering") {
      this.error ??= "CLIENT_GONE";
      if (!this.answer.hasBegun) this.status = 499;
    }
    this.finish();
  }

  finish(): void {
    if (this.#isFinished) return;
    this.#isFinished = true;
    this.stage = "finished";
    this.attempt?.abandon();
    this.attempt = undefined;
    this.#body?.release();
    this.#host.onFinished(this);
  }
}

const untried: Upstream[] = [];
