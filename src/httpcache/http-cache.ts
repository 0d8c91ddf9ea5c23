import type { ResolvedCompression } from "../config/index.ts";
import { Arrivals } from "./arrivals.ts";
import { isFor } from "./answer-scope.ts";
import { AnswerStore, type Found } from "./answer-store.ts";
import { type CachedRequest, cacheKey, readRequestView, type RequestView } from "./cached-request.ts";
import type { Coding } from "./coded-forms.ts";
import { type CodingFigures, CodingShop } from "./coding-shop.ts";
import type { Fill } from "./fill.ts";
import { hit } from "./handlings.ts";
import { findInvalidated } from "./invalidation.ts";
import type { PassReason } from "./pass-reason.ts";
import { Passes } from "./passes.ts";
import { purge, type PurgeOrder, type PurgeOutcome } from "./purge-order.ts";
import { present, type ReadyAnswer } from "./ready-answer.ts";
import { decideReuse } from "./reuse.ts";
import type { StoredAnswer } from "./stored-answer.ts";
import { Sweeper } from "./sweeper.ts";
import type { CachingCandidate } from "./worth-caching.ts";

/** The request is to be sent on as it is. */
export interface Pass {
  readonly kind: "pass";
  readonly reason: PassReason | "request";
}

/** What is to be done with a request. `behind`: and a stale answer is to be asked about while the client has it. */
export type Verdict =
  | { readonly kind: "ready"; readonly answer: ReadyAnswer; readonly behind: Fill | undefined }
  | Fill
  | Pass
  /** Nothing is stored, and the client wants nothing else. */
  | { readonly kind: "unavailable" };

export interface HttpCacheFigures extends CodingFigures {
  readonly bytes: number;
  readonly answers: number;
  readonly evicted: number;
  readonly arriving: number;
  readonly worthCaching: readonly CachingCandidate[];
}

export interface HttpCacheSettings {
  readonly maxBytes: number;
  readonly compression: ResolvedCompression;
}

export interface HttpCacheOptions {
  /** Default 0: nothing is kept. */
  readonly maxBytes?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

const passForMs = 10_000;
const passRequest: Pass = { kind: "pass", reason: "request" };

/** A shared HTTP cache (RFC 9111), as a gateway asks it: what it has, and what is on its way. */
export class HttpCache {
  readonly #now: () => number;
  readonly #store: AnswerStore<StoredAnswer>;
  readonly #passes = new Passes(passForMs);
  readonly #coding: Coding;
  readonly #arrivals: Arrivals;
  readonly #services = new Set<string>();
  readonly #sweeper: Sweeper;

  constructor({ maxBytes = 0, now = Date.now }: HttpCacheOptions = {}) {
    const store = new AnswerStore<StoredAnswer>(maxBytes);
    const coding = { shop: new CodingShop(), store };
    this.#now = now;
    this.#store = store;
    this.#coding = coding;
    this.#arrivals = new Arrivals({ store, coding, passes: this.#passes, now });
    this.#sweeper = new Sweeper(store, () => this.#arrivals.settled);
  }

  /** What is stored stays as it is, as far as there is room. */
  configure({ maxBytes, compression }: HttpCacheSettings): void {
    this.#store.maxBytes = maxBytes;
    this.#coding.shop.rules = compression.of === "nothing" ? undefined : compression;
  }

  /** What a request's fields ask; whoever reads the same fields again may keep it. @param fields name, value, name, value */
  read(fields: readonly string[]): RequestView {
    return readRequestView(fields);
  }

  /** @param request GET or HEAD, without a body */
  ask(request: CachedRequest): Verdict {
    const key = cacheKey(request.service, request.origin + request.target);
    const now = this.#now();
    const found = this.#store.find(key, request.fields);
    if (found === undefined || !isFor(found.answer, request)) return this.#onMiss(key, request, now);
    const { answer, isSoftlyPurged } = found;
    if (request.view.isPlain && !isSoftlyPurged && answer.isFresh(now) && !answer.policy.mustAlwaysValidate)
      return { kind: "ready", answer: present(answer, request, hit(answer, now, "hit")), behind: undefined };
    return this.#reuse(key, request, found, now);
  }

  /** A request that may have changed something has been answered: what it makes invalid is gone before the client knows. */
  invalidate({ method, origin, target }: CachedRequest, status: number, fields: readonly string[]): PurgeOrder[] {
    const { urls, tags } = findInvalidated({ method, origin, target }, { status, raw: fields });
    const orders: PurgeOrder[] = urls.map((url) => ({ by: "url", url, mode: "hard" }));
    if (tags.length > 0) orders.push({ by: "tag", tags, mode: "hard" });
    for (const order of orders) this.purge(order);
    return orders;
  }

  purge(order: PurgeOrder): PurgeOutcome {
    if (order.by === "all") this.#passes.clear();
    const outcome = purge(this.#store, [...this.#services], order);
    this.#sweeper.start();
    return outcome;
  }

  figures(): HttpCacheFigures {
    const { bytes, count, evicted } = this.#store;
    const worthCaching = this.#passes.worthCaching(this.#now());
    const coding = this.#coding.shop.figures();
    return { bytes, answers: count, evicted, arriving: this.#arrivals.count, worthCaching, ...coding };
  }

  #reuse(key: string, request: CachedRequest, { answer, isSoftlyPurged }: Found<StoredAnswer>, now: number): Verdict {
    const { directives, isForOrigin } = request.view;
    if (isForOrigin || directives.isNoStore) return passRequest;
    const { lifetimeMs } = answer;
    const ageMs = isSoftlyPurged ? Math.max(answer.ageMs(now), lifetimeMs) : answer.ageMs(now);
    const reuse = decideReuse({ lifetimeMs, ageMs }, answer.policy, directives);
    // Another such cache serves stale answers itself, and knows when; from here it wants what is good.
    if (reuse === "validate" || (request.isFellow && reuse !== "fresh")) {
      return directives.isOnlyIfCached ? { kind: "unavailable" } : this.#await(key, request, answer);
    }
    const ready = present(answer, request, hit(answer, now, reuse === "fresh" ? "hit" : "stale"));
    const behind = reuse === "revalidate-behind" ? this.#await(key, request, answer) : undefined;
    return { kind: "ready", answer: ready, behind };
  }

  #onMiss(key: string, request: CachedRequest, now: number): Verdict {
    const { method, view } = request;
    if (view.directives.isOnlyIfCached) return { kind: "unavailable" };
    if (method !== "GET" || view.range !== undefined || view.isForOrigin || view.directives.isNoStore)
      return passRequest;
    const reason = this.#passes.find(this.#arrivals.idOf(key, request), now);
    return reason === undefined ? this.#await(key, request, undefined) : { kind: "pass", reason };
  }

  #await(key: string, request: CachedRequest, stored: StoredAnswer | undefined): Fill {
    this.#services.add(request.service);
    return this.#arrivals.await(key, request, stored);
  }
}
