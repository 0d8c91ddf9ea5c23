import { fieldValue, varyingFields } from "../http/index.ts";
import { initialAgeMs } from "./age.ts";
import { isFor, isVariantFor, varyOf, withheldOf } from "./answer-scope.ts";
import type { AnswerStore } from "./answer-store.ts";
import { type AnswerTerms, TermsReader } from "./answer-terms.ts";
import type { CachedRequest } from "./cached-request.ts";
import { CodedForms, type Coding } from "./coded-forms.ts";
import { Draft } from "./draft.ts";
import { Fill } from "./fill.ts";
import type { Disposition, FetchedHead, FillOwner, Reading } from "./fill-parties.ts";
import { missed, revalidated, stoodIn } from "./handlings.ts";
import type { PassReason } from "./pass-reason.ts";
import type { Passes } from "./passes.ts";
import { present, type Said } from "./ready-answer.ts";
import { mayStandIn } from "./reuse.ts";
import { storedLines, updatedFields, withDate } from "./storable-fields.ts";
import { refuseToStore } from "./storability.ts";
import { type AnswerOrigin, StoredAnswer } from "./stored-answer.ts";
import { readTags } from "./tags.ts";
import { variantKey } from "./vary.ts";

export interface ArrivalsContext {
  readonly store: AnswerStore<StoredAnswer>;
  readonly coding: Coding;
  readonly passes: Passes;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Statuses in whose place a stored answer may stand (RFC 5861 §4). */
const failures: ReadonlySet<number> = new Set([500, 502, 503, 504]);
/** One answer may take so much of the whole. */
const largestShare = 1 / 8;

/** Answers on their way: who may wait for which, and what becomes of each when it comes. */
export class Arrivals implements FillOwner {
  readonly #context: ArrivalsContext;
  readonly #fills = new Map<string, Fill>();
  /** Those as well that nobody may join any more, as another has taken their place above: what they bring must still meet the purges. */
  readonly #underWay = new Set<Fill>();
  readonly #terms = new WeakMap<CachedRequest["rules"], TermsReader>();
  /** On their way, and held. */
  #heldBytes = 0;

  constructor(context: ArrivalsContext) {
    this.#context = context;
  }

  get count(): number {
    return this.#fills.size;
  }

  /** All that was asked for before this, of the purges' sequence, has come. */
  get settled(): number {
    let settled = this.#context.store.purges.sequence;
    for (const { sequence } of this.#underWay) settled = Math.min(settled, sequence);
    return settled;
  }

  /** Requests of one kind, as far as it is known what tells answers apart. */
  idOf(key: string, { view, fields, rules }: CachedRequest): string {
    const names = [...this.#context.store.varyOf(key), ...rules.key];
    return `${view.hasCookie ? "c" : ""}${view.hasAuthorization ? "a" : ""} ${key}\n${variantKey(names, fields)}`;
  }

  /**
   * The one that is under way, if whoever asks now may have what comes of it; else a new one.
   *
   * @param stored is to be asked about
   */
  await(key: string, request: CachedRequest, stored: StoredAnswer | undefined): Fill {
    const { store } = this.#context;
    const id = this.idOf(key, request);
    const underWay = this.#fills.get(id);
    if (underWay?.mayJoin(request) === true && !store.purges.mayConcern(key, underWay.sequence)) return underWay;
    const { sequence } = store.purges;
    const fill = new Fill({ id, key, request, sequence, stored, isVariant: store.has(key) }, this);
    this.#fills.set(id, fill);
    this.#underWay.add(fill);
    return fill;
  }

  // — What fills ask —

  onHead(fill: Fill, fetched: FetchedHead): Disposition {
    const { request, stored } = fill;
    const head = { ...fetched, fields: withDate(fetched.fields, fetched.receivedAt) };
    if (head.status === 304) return fill.isConditional ? this.#onNotModified(fill, stored!, head) : "alone";
    if (failures.has(head.status) && stored !== undefined && this.#standIn(fill, stored, head.status)) return "done";
    const terms = this.#termsOf(request, head);
    const refusal = this.#refuse(request, head, terms);
    if (refusal !== undefined) return this.#onRefused(fill, head, refusal);
    const origin = this.#originOf(fill, head, terms, bornAt(head));
    const said = (reading: Reading): Said => missed(fill, head, reading, origin.bornAt);
    fill.arrive(new Draft(request, origin, head, { withheld: withheldOf(request, terms), said }));
    fill.sendBack((reading) => isVariantFor(origin, reading.request));
    return "take";
  }

  mayHold({ body }: Fill): boolean {
    const { maxBytes } = this.#context.store;
    this.#heldBytes += body!.bytes - body!.countedBytes;
    body!.countedBytes = body!.bytes;
    return body!.bytes <= maxBytes * largestShare && this.#heldBytes <= maxBytes;
  }

  onWhole(fill: Fill): StoredAnswer {
    const answer = fill.draft!.answer(fill.body!.whole());
    fill.isStored = true;
    this.#keep(answer);
    return answer;
  }

  onFailed(fill: Fill): boolean {
    return fill.stored !== undefined && this.#standIn(fill, fill.stored, undefined);
  }

  onClosed(fill: Fill): void {
    this.#underWay.delete(fill);
    if (this.#fills.get(fill.id) === fill) this.#fills.delete(fill.id);
    this.#heldBytes -= fill.body?.countedBytes ?? 0;
    if (fill.body !== undefined) fill.body.countedBytes = 0;
    if (fill.draft === undefined || fill.isStored) return;
    this.#context.store.release(fill.draft.origin);
    fill.isStored = true;
    if (fill.body?.isHeld === false) this.#context.passes.add(fill, { reason: "too-large" }, this.#context.now());
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
    if (refusal !== undefined) return refusal;
    if (length > this.#context.store.maxBytes * largestShare) return "too-large";
    return readTags(fields, request.origin) === "too-many" ? "too-many-tags" : undefined;
  }

  #onRefused(fill: Fill, { status, requestedAt, receivedAt }: FetchedHead, reason: PassReason): Disposition {
    const { store, passes, now } = this.#context;
    // What fails now need not fail soon: then it is for all again.
    const isLasting = status < 500 && status !== 429;
    if (isLasting) passes.add(fill, { reason, status, tookMs: receivedAt - requestedAt }, now());
    if (isLasting && fill.stored !== undefined) store.remove(fill.stored);
    return "alone";
  }

  #onNotModified(fill: Fill, stored: StoredAnswer, head: FetchedHead): Disposition {
    const etag = fieldValue(head.fields, "etag");
    const storedTag = fieldValue(stored.fields, "etag");
    // It speaks of something else (RFC 9111 §4.3.4).
    if (etag !== undefined && storedTag !== undefined && withoutWeakness(etag) !== withoutWeakness(storedTag))
      return "again";
    const fields = updatedFields(stored.originFields, head.fields);
    const merged = { ...head, status: stored.status, fields, length: stored.bodyBytes };
    const terms = this.#termsOf(fill.request, merged);
    const origin = this.#originOf(fill, merged, terms, bornAt(head));
    const told = origin.isCodable ? varyingFields(fields) : fields;
    const lines = storedLines(told, withheldOf(fill.request, terms));
    const answer = new StoredAnswer(origin, lines, stored.bodyPart(0, stored.bodyBytes - 1));
    const isKept = this.#refuse(fill.request, merged, terms) === undefined;
    if (isKept) this.#keep(answer, stored);
    else {
      this.#context.store.release(origin);
      this.#context.store.remove(stored);
    }
    // Who is sent back is not to come back to this one.
    if (this.#fills.get(fill.id) === fill) this.#fills.delete(fill.id);
    fill.sendBack(({ request }) => (isKept ? isVariantFor(origin, request) : request === fill.request));
    const now = this.#context.now();
    fill.answerAll((reading) => present(answer, reading.request, revalidated(fill, answer, now, reading)));
    return "done";
  }

  #standIn(fill: Fill, stored: StoredAnswer, status: number | undefined): boolean {
    const now = this.#context.now();
    const times = { lifetimeMs: stored.lifetimeMs, ageMs: stored.ageMs(now) };
    if (!mayStandIn(times, stored.policy)) return false;
    if (this.#fills.get(fill.id) === fill) this.#fills.delete(fill.id);
    fill.sendBack(({ request }) => isFor(stored, request));
    fill.answerAll(({ request }) => present(stored, request, stoodIn(fill, stored, { now, status, request })));
    return true;
  }

  #originOf(fill: Fill, head: FetchedHead, { policy, lifetimeMs }: AnswerTerms, bornAt: number): AnswerOrigin {
    const { request, key: url, sequence } = fill;
    const { store, coding } = this.#context;
    const vary = varyOf(head.fields, request);
    const tags = store.purges.holdAll(this.#tagsOf(head.fields, request));
    const { status, receivedAt } = head;
    const variant = variantKey(vary, request.fields);
    const isCodable = coding.shop.isCodable(head);
    return { url, vary, variant, tags, sequence, status, policy, lifetimeMs, bornAt, receivedAt, isCodable };
  }

  #tagsOf(fields: readonly string[], { origin }: CachedRequest): readonly string[] {
    const tags = readTags(fields, origin);
    return tags === "too-many" ? [] : tags;
  }

  /** @param before with the same body */
  #keep(answer: StoredAnswer, before?: StoredAnswer): void {
    const { store, coding } = this.#context;
    if (answer.isCodable) answer.forms = new CodedForms(answer, coding, formsOf(before));
    store.put(answer);
  }
}

function formsOf(answer: StoredAnswer | undefined): CodedForms | undefined {
  return typeof answer?.forms === "object" ? answer.forms : undefined;
}

/** When it was made, in milliseconds since the epoch. */
function bornAt(head: FetchedHead): number {
  return head.receivedAt - initialAgeMs(head.fields, head);
}

function withoutWeakness(etag: string): string {
  return etag.startsWith("W/") ? etag.slice(2) : etag;
}
