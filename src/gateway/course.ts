import type { Problem } from "../http/index.ts";
import type { KeyedRequest } from "./balancing/request-key.ts";
import type { CacheableRequest, CacheOutcome } from "./cache-port.ts";
import type { Stage, Watched } from "./deadlines.ts";
import { Place, type PlacedRequest, type PlaceTaker } from "./overload/place.ts";
import { readDeadlineMs } from "./overload/request-deadline.ts";
import { type RequestTerms, unbounded } from "./overload/service-overload.ts";
import * as problems from "./problems.ts";
import { type AttemptFailure, isIdempotent, isRetriable } from "./resilience/retry-policy.ts";
import type { Service } from "./service.ts";
import type { Upstream } from "./upstream.ts";

/**
 * The course of one request: where it was sent, when, and what came of it. What is decided on the way and does not depend on how
 * bytes move is decided here, for both paths: which upstream is next, whether a failed attempt may be followed by another,
 * what an answer says of its upstream.
 */
export class Course implements Watched {
  stage: Stage = "awaiting";
  service: Service | undefined = undefined;
  /** Where it is tried: another gateway process may be asked in the service's place. */
  #asked: Service | undefined = undefined;
  /** Of the last attempt. */
  upstream: Upstream | undefined = undefined;
  attempts = 0;
  /** 0: not answered yet. */
  status = 0;
  error: string | undefined = undefined;
  /** Body bytes from the client. */
  bytesIn = 0;
  /** Body bytes to the client. */
  bytesOut = 0;
  upstreamMs = 0;
  /** Something of an answer, be it informational, has gone to the client. */
  hasAnswered = false;
  /** What the cache is to be told of once it is answered, as it may make something invalid. */
  change: CacheableRequest | undefined = undefined;
  /** What is said of an answer that the cache had nothing to do with (RFC 9211 §2.2). */
  passedStatus: string | undefined = undefined;
  /** What the cache had to do with it, if anything. */
  cache: CacheOutcome | undefined = undefined;
  startedAt = 0;
  attemptedAt = 0;
  /** When the last byte of the request went to the upstream; 0: not yet. */
  sentAt = 0;
  hasBeenActive = false;
  activeAt = 0;
  /** The client waits no longer; Infinity: it has not said. */
  deadlineAt = Infinity;
  /** The service is told that it may do less for this request. */
  isDimmed = false;
  #terms: RequestTerms = unbounded;
  #place = new Place();
  #hasAskedForPlace = false;
  #askedAt = 0;
  #tried: readonly Upstream[] = untried;
  /** Of attempts, as far as they speak against another: a request that was moved, or met a stale connection, has lost nothing. */
  #failures = 0;

  /** A request begins; the object may have served another before. */
  begin(startedAt = performance.now()): void {
    this.stage = "awaiting";
    this.service = this.#asked = undefined;
    this.upstream = undefined;
    this.attempts = 0;
    this.status = 0;
    this.error = undefined;
    this.bytesIn = 0;
    this.bytesOut = 0;
    this.upstreamMs = 0;
    this.hasAnswered = false;
    this.startedAt = this.activeAt = startedAt;
    this.cache = undefined;
    this.change = this.passedStatus = undefined;
    this.sentAt = 0;
    this.hasBeenActive = false;
    this.deadlineAt = Infinity;
    this.isDimmed = false;
    this.#terms = unbounded;
    this.#hasAskedForPlace = false;
    this.#tried = untried;
    this.#failures = 0;
  }

  /** Goes on with an attempt that was made for it. */
  takeOver(other: Course): void {
    this.#asked = other.#asked;
    this.upstream = other.upstream;
    this.attempts = other.attempts;
    this.attemptedAt = other.attemptedAt;
    this.sentAt = other.sentAt;
    this.#tried = other.#tried;
    this.#failures = other.#failures;
    this.#hasAskedForPlace = true;
    [this.#place, other.#place] = [other.#place, this.#place];
  }

  /** It is of a kind that is cached, and goes by the cache all the same. */
  pass(): void {
    this.cache = "pass";
    this.passedStatus = "tenfold; fwd=bypass";
  }

  /** @param change `undefined`: it changes nothing */
  noteChange(change: CacheableRequest | undefined): void {
    this.change = change;
    if (change !== undefined) this.passedStatus = "tenfold; fwd=method";
  }

  /** @param terms on which it has a place there */
  enter(service: Service, terms: RequestTerms): void {
    this.service = this.#asked = service;
    this.#terms = terms;
    service.recordRequest();
  }

  /** The client is told why it gets no answer: from here on nothing is done for it, however long it takes to hear that. */
  refuse({ code }: Problem): void {
    this.error = code;
    this.#place.abandon(performance.now());
  }

  /** It is over, however it ended. */
  end(): void {
    this.stage = "finished";
    if (this.#place.isHeld) this.#place.abandon(performance.now());
  }

  /** The client may have said how long it waits. */
  heedDeadline(request: Pick<KeyedRequest, "header">, { deadlineHeader }: RequestTerms): void {
    const waitsMs = deadlineHeader === undefined ? undefined : readDeadlineMs(request.header(deadlineHeader));
    if (waitsMs !== undefined) this.deadlineAt = this.startedAt + waitsMs;
  }

  /**
   * Takes a place at the service, once, and the next upstream. The request is whole, or is to pass as it comes.
   *
   * @returns `"waiting"`: the taker will be told; a problem: why there is none
   */
  choose(request: KeyedRequest & PlacedRequest, taker: PlaceTaker): Problem | "waiting" | undefined {
    if (!this.#hasAskedForPlace) {
      const answer = this.#askForPlace(request, taker);
      if (answer !== undefined) return answer;
    }
    const chosen = this.#asked!.choose(request, this.#tried);
    if (typeof chosen === "string") {
      this.#place.giveBack(performance.now());
      if (chosen === "none") return problems.noUpstream;
      this.#asked!.shed++;
      return problems.upstreamOverloaded;
    }
    this.#place.moveTo(chosen);
    // The first attempt follows in the turn in which it was asked for a place, unless that had to be awaited.
    const hasJustAsked = this.attempts === 0 && this.stage === "awaiting";
    this.stage = "awaiting";
    this.attempts++;
    this.upstream = chosen;
    this.attemptedAt = hasJustAsked ? this.#askedAt : performance.now();
    this.sentAt = 0;
    return undefined;
  }

  #askForPlace(request: KeyedRequest & PlacedRequest, taker: PlaceTaker): Problem | "waiting" | undefined {
    this.#hasAskedForPlace = true;
    const terms = this.#terms;
    this.heedDeadline(request, terms);
    this.isDimmed = this.#asked!.isDimmed(terms);
    this.#place.deadlineAt = this.deadlineAt;
    // A body, a limit's decision or the cache may have been awaited before.
    this.#askedAt = performance.now();
    const answer = this.#place.take(terms, request, taker, this.#askedAt);
    if (answer === "waiting") this.stage = "queued";
    // Nothing is begun for one who will not wait for it; but once others may wait too, he does not decide for them.
    if (terms.isForMany) this.#place.deadlineAt = this.deadlineAt = Infinity;
    return answer;
  }

  /** The head of an answer has come. */
  recordAnswer(status: number): void {
    const now = performance.now();
    this.upstreamMs = now - this.attemptedAt;
    this.#asked!.recordLatency(this.upstream!, this.upstreamMs);
    this.#asked!.recordOutcome(this.upstream!, status >= 500);
    this.#place.answer(status, now, this.sentAt);
    this.beginAnswer();
  }

  /** The upstream has switched to another protocol. */
  upgrade(): void {
    this.status = 101;
    this.stage = "tunnelling";
    this.#asked!.recordOutcome(this.upstream!, false);
    this.#place.answer(101, performance.now(), this.sentAt);
  }

  /** From here on, it is for the client to take what is there. */
  beginAnswer(): void {
    this.stage = "answering";
    this.hasBeenActive = true;
  }

  /** An attempt has failed. @returns what the client is told; `undefined`: another attempt is to be made */
  judge(failure: AttemptFailure, method: string, isBodyReplayable: boolean): Problem | undefined {
    const { hasAnswered } = this;
    const attempt = this.#failures + 1;
    const service = this.#asked!;
    // A connection that had been idle, and ended as it was used again, says nothing of its upstream.
    if (failure !== "stale") service.recordOutcome(this.upstream!, true);
    const mayRepeat = isRetriable({ method, failure, isBodyReplayable, hasAnswered, attempt }, service.retries);
    // A connection that was not made, or was gone already, has cost nobody anything, so it needs no budget.
    const isFree = failure === "connect" || failure === "timeout-connect" || failure === "stale";
    if (!mayRepeat || !(isFree || service.tryRetry())) {
      // A time-out leaves its place as a client that leaves: all that is known is for how long there was no answer.
      if (failure !== "timeout-response") this.#place.fail(performance.now());
      return problems.ofFailure(failure);
    }
    service.retried++;
    if (failure === "stale") return undefined;
    this.#failures++;
    this.#tried = [...this.#tried, this.upstream!];
    return undefined;
  }

  /** The upstream hangs or has left. @returns whether the request may be repeated and somebody else is there */
  move(method: string, isBodyReplayable: boolean): boolean {
    const { upstream } = this;
    const service = this.#asked;
    if (service === undefined || upstream === undefined || this.stage !== "awaiting") return false;
    if (service.retries === false || this.hasAnswered || !isIdempotent(method) || !isBodyReplayable) return false;
    if (!service.hasOther(upstream)) return false;
    service.moved++;
    this.#tried = [...this.#tried, upstream];
    return true;
  }
}

const untried: readonly Upstream[] = [];
