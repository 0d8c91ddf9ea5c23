import type { Problem } from "../http/index.ts";
import type { KeyedRequest } from "./balancing/request-key.ts";
import type { CacheableRequest, CacheOutcome } from "./cache-port.ts";
import type { Stage, Watched } from "./deadlines.ts";
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

  enter(service: Service): void {
    this.service = this.#asked = service;
    service.recordRequest();
  }

  /** Takes the next upstream. @returns why there is none */
  choose(request: KeyedRequest): Problem | undefined {
    const chosen = this.#asked!.choose(request, this.#tried);
    if (chosen === "none") return problems.noUpstream;
    if (chosen === "full") {
      this.#asked!.shed++;
      return problems.upstreamOverloaded;
    }
    // The first attempt follows in the same turn, unless a body was gathered.
    const isFirst = this.attempts === 0 && this.stage !== "gathering";
    this.stage = "awaiting";
    this.attempts++;
    this.upstream = chosen;
    this.attemptedAt = isFirst ? this.startedAt : performance.now();
    this.sentAt = 0;
    return undefined;
  }

  /** The head of an answer has come. */
  recordAnswer(status: number): void {
    this.upstreamMs = performance.now() - this.attemptedAt;
    this.#asked!.recordLatency(this.upstream!, this.upstreamMs);
    this.#asked!.recordOutcome(this.upstream!, status >= 500);
    this.beginAnswer();
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
    if (!mayRepeat || !(isFree || service.tryRetry())) return problems.ofFailure(failure);
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
