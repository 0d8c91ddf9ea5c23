import {
  answerFields,
  type AnswerHead,
  type AnswerTaker,
  ChunkData,
  type ConnectionFailure,
  type Problem,
  readResponseHead,
  type UpstreamConnection,
} from "../../http/index.ts";
import type { FetchedFill, FillSource } from "../cache-port.ts";
import { Course } from "../course.ts";
import { findOverdue } from "../deadlines.ts";
import { knowsNobody, wasStored, withoutOwn } from "../peers/owner-answer.ts";
import { Sending, type SendingKind } from "../fast/sending.ts";
import { maxBehindMs, mayRepeat } from "../fast/sharing.ts";
import type { Owner } from "../peers/owner.ts";
import * as problems from "../problems.ts";
import type { AttemptFailure } from "../resilience/retry-policy.ts";
import type { Service } from "../service.ts";
import type { Upstream } from "../upstream.ts";
import type { PlaceTaker } from "../overload/place.ts";
import { type RequestTerms, unbounded } from "../overload/service-overload.ts";
import type { Fetched } from "./fetches.ts";
import type { FetchOrder } from "./fetch-order.ts";

/** Its answer may take long, as the service's may: then it is asked whether it is there. */
const ownerDoubtedMs = 1_000;

export interface FetchHost {
  /** Requests may share connections to upstreams. */
  readonly mayShare: boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  onReleased(upstream: Upstream): void;
}

/** Who hears of what passes before the answer; the client on whose behalf it is fetched, while he waits. */
export type InformationTaker = (head: AnswerHead, bytes: Buffer) => void;

export interface FetchContext {
  readonly host: FetchHost;
  readonly inform: InformationTaker | undefined;
  /** Once. */
  readonly onOver: () => void;
}

/**
 * Fetches an answer for the cache: an exchange with an upstream that is no client's. Those who wait for it come and go, and it is retried,
 * moved and given up as a client's own would be.
 */
export class Fetch implements AnswerTaker, FillSource, PlaceTaker {
  readonly isHead = false;
  readonly course = new Course();
  readonly #fill: FetchedFill;
  readonly #order: FetchOrder;
  readonly #host: FetchHost;
  readonly #inform: InformationTaker | undefined;
  readonly #onOver: () => void;
  readonly #service: Service;
  readonly #terms: RequestTerms;
  #owner: Owner | undefined = undefined;
  readonly #sending: Sending;
  #chunks: ChunkData | undefined = undefined;
  #conditions: string;
  #requestedAt = 0;
  /** What has become of the answer, once its head is there. */
  #disposition: ReturnType<FetchedFill["onHead"]> | undefined = undefined;
  #isHeldBack = false;
  #isOver = false;
  /** While it is being handed over: what has come. */
  #alone: { readonly head: AnswerHead; readonly bytes: Buffer; readonly to: number } | undefined = undefined;

  constructor(fill: FetchedFill, { order, service, terms }: Fetched, { host, inform, onOver }: FetchContext) {
    this.#fill = fill;
    this.#order = order;
    this.#service = service;
    this.#terms = terms;
    this.#host = host;
    this.#inform = inform;
    this.#onOver = onOver;
    this.#conditions = fill.conditions;
    this.#sending = new Sending(this.course, this, (upstream) => host.onReleased(upstream));
  }

  get upstream(): Upstream | undefined {
    return this.#sending.upstream;
  }

  /** @param owner another gateway process, that is to be asked in the service's place */
  start(owner: Owner | undefined): void {
    this.#owner = owner;
    this.#fill.begin(this);
    this.#ask(owner?.service ?? this.#service);
  }

  #ask(service: Service): void {
    this.course.end();
    this.course.begin();
    this.course.enter(service, service === this.#service ? this.#terms.ofMany : unbounded);
    this.#next(this.#host.mayShare && mayRepeat(service.retries) ? "shared" : "ordinary");
  }

  // — The fill —

  resume(): void {
    if (!this.#isHeldBack) return;
    this.#isHeldBack = false;
    this.course.hasBeenActive = true;
    this.#sending.connection?.resume();
  }

  onUnattended(): void {
    if (this.course.stage === "queued") this.#fail(problems.upstreamOverloaded);
  }

  abandon(): void {
    if (this.#isOver) return;
    this.#sending.abandon();
    this.#finish();
  }

  /** The answer is one reader's alone: he goes on with it from its head on, as if it had always been his. */
  giveTo(taker: AnswerTaker, own: (connection: UpstreamConnection, course: Course) => void): void {
    const connection = this.#sending.connection!;
    const { head, bytes, to } = this.#alone!;
    this.#sending.connection = undefined;
    connection.handTo(taker);
    own(connection, this.course);
    this.#finish();
    taker.onAnswer(head, bytes, to);
  }

  // — The attempt —

  onConnected(): void {
    this.course.upstream!.onConnected();
    this.course.sentAt = performance.now();
  }

  onInformation(head: AnswerHead, bytes: Buffer): void {
    if (head.status !== 100) this.#inform?.(head, bytes);
  }

  onAnswer(head: AnswerHead, bytes: Buffer, to: number): void {
    const connection = this.#sending.connection!;
    const raw = answerFields(bytes, head);
    if (this.#isAskingOwner && knowsNobody(head.status, raw)) {
      this.#sending.abandon();
      return this.#ask(this.#service);
    }
    const fields = this.#fieldsOf(raw, head.status);
    const { framing } = connection;
    const length = framing === "none" ? 0 : framing === "length" ? head.length : -1;
    this.#alone = { head, bytes, to };
    const times = { requestedAt: this.#requestedAt, receivedAt: this.#host.now() };
    const isStoredElsewhere = this.#isAskingOwner && wasStored(raw);
    const disposition = this.#fill.onHead({ status: head.status, fields, length, isStoredElsewhere, ...times });
    this.#alone = undefined;
    if (this.#isOver) return; // Taken over, or not wanted.
    this.#disposition = disposition;
    this.course.recordAnswer(head.status);
    if (disposition === "take") {
      this.course.hasAnswered = true;
      if (framing === "chunked") this.#chunks = new ChunkData();
      this.#take(bytes, head.end, to);
    } else if (!connection.isComplete) this.#onUnwanted();
  }

  onBody(bytes: Buffer, from: number, to: number): void {
    this.course.hasBeenActive = true;
    this.#take(bytes, from, to);
  }

  onComplete(): void {
    this.#sending.release();
    if (this.#disposition === "again") return this.#askAgain();
    this.#finish();
    if (this.#disposition === "take") this.#fill.onEnd();
  }

  onFailed(failure: ConnectionFailure): void {
    this.#judge(failure);
  }

  // — The gateway —

  onPlaced(): void {
    this.#next("ordinary");
  }

  refuse(problem: Problem): void {
    this.#fail(problem);
  }

  moveAway(): void {
    if (this.#sending.connection === undefined || !this.course.move("GET", true)) return;
    this.#sending.abandon();
    this.#next("ordinary");
  }

  /** Ends what has taken too long. @param now as `performance.now()` */
  checkDeadline(now: number): void {
    const attempt = this.#sending.connection;
    const { course } = this;
    // Those who read it are slow, and have deadlines of their own.
    if (this.#isHeldBack) course.hasBeenActive = true;
    const overdue = findOverdue(course, now, { timeouts: course.service?.timeouts, attempt, body: undefined });
    if (overdue === undefined && attempt?.isBehind(this) === true && now - course.attemptedAt >= maxBehindMs) {
      course.service!.moved++;
      this.#sending.abandon();
      return this.#next("fresh");
    }
    if (overdue === undefined && this.#isAskingOwner) return this.#checkOwner(now);
    if (overdue === undefined || attempt === undefined) return;
    if (overdue === "timeout-total") {
      this.#sending.abandon();
      return this.#fail(problems.totalTimeout);
    }
    attempt.abandon(this);
    this.#judge(overdue === "linger" || overdue === "client-stalled" ? "body" : overdue);
  }

  /** While its process hangs, the kernel takes what is sent to it all the same. */
  #checkOwner(now: number): void {
    if (this.course.stage !== "awaiting" || now - this.course.attemptedAt < ownerDoubtedMs) return;
    if (!this.#owner!.isSilent) return this.#owner!.doubt();
    this.#sending.abandon();
    this.#ask(this.#service);
  }

  /** What the owner has said of its part in it, this process says itself. */
  #fieldsOf(raw: readonly string[], status: number): string[] {
    const { fields } = readResponseHead(raw, "", { status, keepTrailer: false });
    return this.#isAskingOwner ? withoutOwn(fields) : fields;
  }

  #take(bytes: Buffer, from: number, to: number): void {
    const connection = this.#sending.connection!;
    const wantsMore = this.#fill.onBytes(bytes, from, this.#chunks?.gather(bytes, from, to) ?? to);
    this.course.bytesOut += connection.dataBytes;
    if (connection.isComplete) return;
    this.#fill.deliver();
    if (wantsMore || this.#isOver) return;
    this.#isHeldBack = true;
    connection.holdBack();
  }

  #onUnwanted(): void {
    this.#sending.abandon();
    if (this.#disposition === "again") this.#askAgain();
    else this.#finish();
  }

  #askAgain(): void {
    this.#conditions = "";
    this.#disposition = undefined;
    this.#next("ordinary");
  }

  #next(kind: SendingKind): void {
    this.#requestedAt = this.#host.now();
    const problem = this.#sending.send(this.#order, this.#text, kind, true);
    if (problem !== undefined && problem !== "waiting") this.#fail(problem);
  }

  readonly #text = (): string => {
    const { head } = this.#order;
    return this.#isAskingOwner
      ? `${head}Tenfold-Service: ${this.#service.name}\r\n${this.#conditions}\r\n`
      : `${head}${this.#conditions}\r\n`;
  };

  get #isAskingOwner(): boolean {
    return this.course.service !== this.#service;
  }

  #judge(failure: AttemptFailure): void {
    this.#sending.release();
    const problem = this.course.judge(failure, "GET", true);
    if (problem !== undefined) this.#fail(problem);
    else this.#next(failure === "stale" ? "fresh" : "ordinary");
  }

  #fail(problem: unknown): void {
    // Its process may have just ended: then the service is asked after all.
    if (this.#isAskingOwner && !this.course.hasAnswered) return this.#ask(this.#service);
    this.#finish();
    this.#fill.onFailed(problem);
  }

  #finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.course.end();
    this.#onOver();
  }
}
