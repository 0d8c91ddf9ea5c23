import { fieldValue } from "../http/index.ts";
import { type AnswerTerms, TermsReader } from "./answer-terms.ts";
import { AnswerStore, type Found } from "./answer-store.ts";
import { type CachedRequest, cacheKey, readRequestView, type RequestView } from "./cached-request.ts";
import { initialAgeMs } from "./age.ts";
import { Draft } from "./draft.ts";
import { type Disposition, type FetchedHead, Fill, type FillOwner, type Reading } from "./fill.ts";
import { hit, missed, revalidated, stoodIn } from "./handlings.ts";
import { findInvalidated } from "./invalidation.ts";
import type { PassReason } from "./pass-reason.ts";
import { Passes } from "./passes.ts";
import { purge, type PurgeOrder, type PurgeOutcome } from "./purge-order.ts";
import { present, type ReadyAnswer, type Said } from "./ready-answer.ts";
import { decideReuse, mayStandIn } from "./reuse.ts";
import { storedLines, updatedFields, withDate } from "./storable-fields.ts";
import { hasValidator, isSameForAllCookies, refuseToStore } from "./storability.ts";
import { type AnswerOrigin, StoredAnswer } from "./stored-answer.ts";
import { Sweeper } from "./sweeper.ts";
import { readTags } from "./tags.ts";
import { readVary, variantKey } from "./vary.ts";

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

export interface HttpCacheOptions {
  /** Default 0: nothing is kept. */
  readonly maxBytes?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** Statuses in whose place a stored answer may stand (RFC 5861 §4). */
const failures: ReadonlySet<number> = new Set([500, 502, 503, 504]);
const passForMs = 10_000;
/** One answer may take so much of the whole. */
const largestShare = 1 / 8;

const passRequest: Pass = { kind: "pass", reason: "request" };

/** A shared HTTP cache (RFC 9111), as a gateway asks it: what it has, and what becomes of what was fetched for it. */
export class HttpCache implements FillOwner {
  readonly #now: () => number;
  readonly #store: AnswerStore<StoredAnswer>;
  readonly #fills = new Map<string, Fill>();
  readonly #passes = new Passes(passForMs);
  readonly #terms = new WeakMap<CachedRequest["rules"], TermsReader>();
  readonly #services = new Set<string>();
  readonly #sweeper: Sweeper;
  /** On their way, and held. */
  #arrivingBytes = 0;

  constructor({ maxBytes = 0, now = Date.now }: HttpCacheOptions = {}) {
    this.#now = now;
    this.#store = new AnswerStore(maxBytes);
    this.#sweeper = new Sweeper(this.#store, () => this.#settled());
  }

  set maxBytes(bytes: number) {
    this.#store.maxBytes = bytes;
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
    if (found === undefined || !isFor(found.answer, request)) return this.#fetch(key, request, now);
    const { answer, isSoftlyPurged } = found;
    if (request.view.isPlain && !isSoftlyPurged && answer.isFresh(now) && !answer.policy.mustAlwaysValidate)
      return { kind: "ready", answer: present(answer, request, hit(answer, now, "hit")), behind: undefined };
    return this.#reuse(key, request, found, now);
  }

  /** A request that may have changed something has been answered: what it makes invalid is gone before the client knows. */
  invalidate({ method, origin, target }: CachedRequest, status: number, fields: readonly string[]): PurgeOrder[] {
    const { urls, tags } = findInvalidated({ method, url: origin + target }, { status, raw: fields });
    const orders: PurgeOrder[] = urls.map((url) => ({ by: "url", url, mode: "hard" }));
    if (tags.length > 0) orders.push({ by: "tag", tags, mode: "hard" });
    for (const order of orders) this.purge(order);
    return orders;
  }

  purge(order: PurgeOrder): PurgeOutcome {
    if (order.by !== "tag") this.#passes.clear();
    const outcome = purge(this.#store, [...this.#services], order);
    this.#sweeper.start();
    return outcome;
  }

  figures() {
    const { bytes, count, evicted } = this.#store;
    const worthCaching = this.#passes.worthCaching(this.#now());
    return { bytes, answers: count, evicted, arriving: this.#fills.size, worthCaching };
  }

  // — What fills ask —

  onHead(fill: Fill, fetched: FetchedHead): Disposition {
    const { request, stored } = fill;
    const head = { ...fetched, fields: withDate(fetched.fields, fetched.receivedAt) };
    if (head.status === 304) return stored === undefined ? "alone" : this.#onNotModified(fill, stored, head);
    if (failures.has(head.status) && stored !== undefined && this.#standIn(fill, stored, head.status)) return "done";
    const terms = this.#termsOf(request, head);
    const refusal = this.#refuse(request, head, terms);
    if (refusal !== undefined) return this.#onRefused(fill, head, refusal);
    const origin = this.#originOf(fill, head, terms, bornAt(head));
    const said = (reading: Reading): Said => missed(fill, head, reading, origin.bornAt);
    fill.draft = new Draft(request, origin, head, { withheld: withheldOf(request, terms), said });
    fill.sendBack((reading) => isMeantFor(origin, reading.request));
    return "take";
  }

  mayHold({ body }: Fill): boolean {
    this.#arrivingBytes += body!.bytes - body!.countedBytes;
    body!.countedBytes = body!.bytes;
    return body!.bytes <= this.#store.maxBytes * largestShare && this.#arrivingBytes <= this.#store.maxBytes;
  }

  onWhole(fill: Fill): StoredAnswer {
    const answer = fill.draft!.answer(fill.body!.whole());
    fill.isStored = true;
    this.#store.put(answer);
    return answer;
  }

  onFailed(fill: Fill): boolean {
    return fill.stored !== undefined && this.#standIn(fill, fill.stored, undefined);
  }

  onClosed(fill: Fill): void {
    if (this.#fills.get(fill.id) === fill) this.#fills.delete(fill.id);
    this.#arrivingBytes -= fill.body?.countedBytes ?? 0;
    if (fill.body !== undefined) fill.body.countedBytes = 0;
    if (fill.draft === undefined || fill.isStored) return;
    this.#store.release(fill.draft.origin);
    fill.isStored = true;
    if (fill.body?.isHeld === false) this.#passes.add(fill, { reason: "too-large" }, this.#now());
  }

  #reuse(key: string, request: CachedRequest, { answer, isSoftlyPurged }: Found<StoredAnswer>, now: number): Verdict {
    const { directives, isForOrigin } = request.view;
    if (isForOrigin || directives.isNoStore) return passRequest;
    const { lifetimeMs } = answer;
    const ageMs = isSoftlyPurged ? Math.max(answer.ageMs(now), lifetimeMs) : answer.ageMs(now);
    const reuse = decideReuse({ lifetimeMs, ageMs }, answer.policy, directives);
    if (reuse === "validate") {
      return directives.isOnlyIfCached ? { kind: "unavailable" } : this.#fill(key, request, answer);
    }
    const ready = present(answer, request, hit(answer, now, reuse === "fresh" ? "hit" : "stale"));
    const behind = reuse === "revalidate-behind" ? this.#fill(key, request, answer) : undefined;
    return { kind: "ready", answer: ready, behind };
  }

  #fetch(key: string, request: CachedRequest, now: number): Verdict {
    const { method, view } = request;
    if (view.directives.isOnlyIfCached) return { kind: "unavailable" };
    if (method !== "GET" || view.range !== undefined || view.isForOrigin || view.directives.isNoStore)
      return passRequest;
    const reason = this.#passes.find(this.#idOf(key, request), now);
    return reason === undefined ? this.#fill(key, request, undefined) : { kind: "pass", reason };
  }

  /** The one that is under way, if whoever asks now may have what comes of it; else a new one. */
  #fill(key: string, request: CachedRequest, stored: StoredAnswer | undefined): Fill {
    const id = this.#idOf(key, request);
    const { purges } = this.#store;
    const underWay = this.#fills.get(id);
    const isMeant = underWay?.draft === undefined || isMeantFor(underWay.draft.origin, request);
    if (underWay !== undefined && isMeant && !purges.mayConcern(key, underWay.sequence)) return underWay;
    this.#services.add(request.service);
    const { sequence } = purges;
    const fill = new Fill({ id, key, request, sequence, stored: isAskable(stored) ? stored : undefined }, this);
    this.#fills.set(id, fill);
    return fill;
  }

  /** Requests of one kind, as far as it is known what tells answers apart. */
  #idOf(key: string, { view, fields, rules }: CachedRequest): string {
    const names = [...this.#store.varyOf(key), ...rules.key];
    return `${view.hasCookie ? "c" : ""}${view.hasAuthorization ? "a" : ""} ${key}\n${variantKey(names, fields)}`;
  }

  #termsOf({ rules }: CachedRequest, { status, fields, receivedAt }: FetchedHead): AnswerTerms {
    let reader = this.#terms.get(rules);
    if (reader === undefined) this.#terms.set(rules, (reader = new TermsReader(rules)));
    return reader.read({ status, raw: fields, receivedAt });
  }

  #refuse(
    request: CachedRequest,
    { status, fields, length }: FetchedHead,
    { policy }: AnswerTerms,
  ): PassReason | undefined {
    const { hasAuthorization, hasCookie, directives } = request.view;
    const asked = { method: "GET", hasAuthorization, hasCookie, isNoStore: directives.isNoStore };
    const refusal = refuseToStore(asked, { status, raw: fields, policy }, request.rules);
    return refusal ?? (length > this.#store.maxBytes * largestShare ? "too-large" : undefined);
  }

  #onRefused(fill: Fill, { status, requestedAt, receivedAt }: FetchedHead, reason: PassReason): Disposition {
    // What fails now need not fail soon: then it is for all again.
    const isLasting = status < 500 && status !== 429;
    if (isLasting) this.#passes.add(fill, { reason, status, tookMs: receivedAt - requestedAt }, this.#now());
    if (isLasting && fill.stored !== undefined) this.#store.remove(fill.stored);
    return "alone";
  }

  #onNotModified(fill: Fill, stored: StoredAnswer, head: FetchedHead): Disposition {
    const etag = fieldValue(head.fields, "etag");
    const storedTag = fieldValue(stored.fields, "etag");
    // It speaks of something else (RFC 9111 §4.3.4).
    if (etag !== undefined && storedTag !== undefined && withoutWeakness(etag) !== withoutWeakness(storedTag))
      return "again";
    const fields = updatedFields(stored.fields, head.fields);
    const merged = { ...head, status: stored.status, fields, length: stored.bodyBytes };
    const terms = this.#termsOf(fill.request, merged);
    const origin = this.#originOf(fill, merged, terms, bornAt(head));
    const withheld = withheldOf(fill.request, terms);
    const answer = new StoredAnswer(origin, storedLines(fields, withheld), stored.bodyPart(0, stored.bodyBytes - 1));
    // Who is sent back is not to come back to this one.
    if (this.#fills.get(fill.id) === fill) this.#fills.delete(fill.id);
    if (this.#refuse(fill.request, merged, terms) === undefined) {
      this.#store.put(answer);
      fill.sendBack(({ request }) => isMeantFor(origin, request));
    } else {
      this.#store.release(origin);
      this.#store.remove(stored);
      fill.sendBack(({ request }) => request === fill.request);
    }
    const now = this.#now();
    fill.answerAll((reading) => present(answer, reading.request, revalidated(fill, answer, now, reading)));
    return "done";
  }

  #standIn(fill: Fill, stored: StoredAnswer, status: number | undefined): boolean {
    const now = this.#now();
    const times = { lifetimeMs: stored.lifetimeMs, ageMs: stored.ageMs(now) };
    if (!mayStandIn(times, stored.policy)) return false;
    fill.answerAll((reading) => present(stored, reading.request, stoodIn(fill, stored, now, status)));
    return true;
  }

  #originOf(fill: Fill, head: FetchedHead, { policy, lifetimeMs }: AnswerTerms, bornAt: number): AnswerOrigin {
    const { request, key: url, sequence } = fill;
    const vary = varyOf(head.fields, request);
    const tags = readTags(head.fields, request.origin).map((name) => this.#store.purges.hold(name));
    const { status, receivedAt } = head;
    const variant = variantKey(vary, request.fields);
    return { url, vary, variant, tags, sequence, status, policy, lifetimeMs, bornAt, receivedAt };
  }

  #settled(): number {
    let settled = this.#store.purges.sequence;
    for (const { sequence } of this.#fills.values()) settled = Math.min(settled, sequence);
    return settled;
  }
}

/** When it was made, in milliseconds since the epoch. */
function bornAt(head: FetchedHead): number {
  return head.receivedAt - initialAgeMs(head.fields, head);
}

/** Whether an answer may be given to this client at all. */
function isFor({ policy, vary }: Pick<StoredAnswer, "policy" | "vary">, { view, rules }: CachedRequest): boolean {
  return !view.hasCookie || isSameForAllCookies(policy, vary, rules);
}

function isMeantFor(origin: AnswerOrigin, request: CachedRequest): boolean {
  return variantKey(origin.vary, request.fields) === origin.variant && isFor(origin, request);
}

function isAskable(stored: StoredAnswer | undefined): boolean {
  return stored !== undefined && (hasValidator(stored.fields) || stored.policy.staleIfErrorMs > 0);
}

/** Fields that are for whoever asked, and not stored. */
function withheldOf({ rules }: CachedRequest, { policy }: AnswerTerms): readonly string[] {
  return rules.stripSetCookie ? [...policy.withheldFields, "set-cookie"] : policy.withheldFields;
}

/** What the answer is told apart by: what it says, and what the config says. */
function varyOf(fields: readonly string[], { rules }: CachedRequest): readonly string[] {
  const vary = readVary(fields);
  const names = vary === "*" ? rules.key : [...vary, ...rules.key];
  return [...new Set(names)].toSorted();
}

function withoutWeakness(etag: string): string {
  return etag.startsWith("W/") ? etag.slice(2) : etag;
}
