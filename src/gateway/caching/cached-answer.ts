import { type AnswerHead, answerFields, type Problem, readAnswerFields, readResponseHead } from "../../http/index.ts";
import type { CacheableRequest, AwaitedFill, CacheFill, CacheReader, HttpCache, ReadyAnswer } from "../cache-port.ts";
import type { ClientAnswer } from "../client-answer.ts";
import type { Course } from "../course.ts";
import type { CachedDestination } from "../destination.ts";
import type { InboundRequest } from "../inbound-request.ts";
import * as problems from "../problems.ts";
import type { Fetch, InformationTaker } from "./fetch.ts";
import { orderOf } from "./fetch-order.ts";
import type { Fetches } from "./fetches.ts";

/** Of one request, the cache is asked so often; what changes its mind each time is passed on. */
export const maxAsks = 3;

/** What a request of the full path does with what the cache says. */
export interface CachedAnswerHost {
  readonly request: InboundRequest;
  readonly course: Course;
  readonly answer: ClientAnswer;
  begin(status: number, statusText: string, fields: string[], length: number): void;
  end(): void;
  refuse(problem: Problem): void;
  /** The cache has nothing to do with it. */
  pass(): void;
  adopt(fetch: Fetch): void;
}

/** A request of the full path, while the cache is asked for its answer. */
export class CachedAnswer implements CacheReader {
  readonly #host: CachedAnswerHost;
  readonly #cache: HttpCache;
  readonly #fetches: Fetches;
  readonly #asked: CacheableRequest;
  readonly #destination: CachedDestination;
  #asks = 0;
  #fill: AwaitedFill | undefined = undefined;

  constructor(host: CachedAnswerHost, destination: CachedDestination, cache: HttpCache, fetches: Fetches) {
    this.#host = host;
    this.#destination = destination;
    this.#cache = cache;
    this.#fetches = fetches;
    this.#asked = host.request.cacheable(destination.service.name, destination.rules, cache);
  }

  ask(): void {
    // A cache that has been asked counts on the fetch that it names.
    if (++this.#asks > maxAsks) return this.#host.pass();
    const verdict = this.#cache.ask(this.#asked);
    if (verdict.kind === "pass") return this.#host.pass();
    if (verdict.kind === "unavailable") return this.#host.refuse(problems.notStored);
    if (verdict.kind === "fill") return this.#await(verdict);
    if (verdict.behind?.isNew === true) this.#fetch(verdict.behind, undefined);
    this.onReady(verdict.answer);
  }

  /** The client takes more. */
  resume(): void {
    this.#fill?.resume(this);
  }

  /** The client waits no more. */
  leave(): void {
    this.#fill?.leave(this);
    this.#fill = undefined;
  }

  onReady(answer: ReadyAnswer): void {
    this.#fill = undefined;
    const body = answer.body ?? Buffer.from(answer.text.slice(headEnd(answer.text)), "latin1");
    this.#begin(answer, body.length === 0 ? -1 : body.length);
    if (body.length > 0) this.#host.answer.write(body);
    this.#host.end();
  }

  onBegin(answer: ReadyAnswer, length: number): void {
    this.#begin(answer, length);
  }

  onBody(bytes: Buffer): boolean {
    this.#host.course.hasBeenActive = true;
    return this.#host.answer.write(bytes);
  }

  onEnd(): void {
    this.#fill = undefined;
    this.#host.end();
  }

  onBroken(): void {
    this.#fill = undefined;
    this.#host.refuse(problems.upstreamFailed);
  }

  onAskAgain(): void {
    this.#fill = undefined;
    this.ask();
  }

  onAlone(source: Fetch): void {
    this.#fill = undefined;
    this.#host.adopt(source);
  }

  onFailed(failure: unknown): void {
    this.#fill = undefined;
    this.#host.refuse(failure as Problem);
  }

  #await(fill: CacheFill): void {
    this.#fill = fill;
    fill.join(this, this.#asked);
    if (fill.isNew) this.#fetch(fill, this.#inform);
  }

  #fetch(fill: CacheFill, inform: InformationTaker | undefined): void {
    const { request } = this.#host;
    const { service, terms } = this.#destination;
    this.#fetches.start(fill, { order: orderOf(request), service, terms, isFellow: request.isFellow }, inform);
  }

  readonly #inform = (head: AnswerHead, bytes: Buffer): void => {
    const { request, answer, course } = this.#host;
    if (this.#fill === undefined || !request.isHttp11 || answer.hasBegun) return;
    const { status } = head;
    const { fields } = readResponseHead(answerFields(bytes, head), request.requestId, { status, keepTrailer: false });
    course.hasAnswered = true;
    answer.inform(status, fields);
  };

  #begin({ outcome, status, statusLine, said, text }: ReadyAnswer, length: number): void {
    const { course, request } = this.#host;
    course.cache = outcome;
    const fields = readAnswerFields(said + text.slice(0, headEnd(text) - 2)) ?? [];
    fields.push("X-Request-Id", request.requestId);
    this.#host.begin(status, statusLine.slice(13, -2), fields, length);
  }
}

/** Behind the empty line. */
function headEnd(text: string): number {
  return text.indexOf("\r\n\r\n") + 4;
}
