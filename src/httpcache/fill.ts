import { fieldValue } from "../http/index.ts";
import type { CachedRequest } from "./cached-request.ts";
import { isVariantFor } from "./answer-scope.ts";
import type { Disposition, FetchedHead, FillOwner, FillReader, FillSource, Reading } from "./fill-parties.ts";
import { FillBody } from "./fill-body.ts";
import type { Draft } from "./draft.ts";
import type { ReadyAnswer } from "./ready-answer.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** When an answer is not stored, this much is read ahead of the slowest reader. */
const maxAheadBytes = 256 * 1024;

/**
 * An answer on its way, and all who wait for it: the client that asked first, those that came later, or nobody. They read it from its
 * beginning, each at his own pace.
 *
 *     asked ──head──► arriving ──whole──► stored
 *       │                └─ too large ──► passed on, not stored
 *       └──► for one reader alone, or for none
 */
export class Fill {
  readonly kind = "fill";
  /** What it is found by while it is under way. */
  readonly id: string;
  /** What its answer is stored under. */
  readonly key: string;
  readonly request: CachedRequest;
  /** Of the purges, when it began. */
  readonly sequence: number;
  /** What the origin is asked about, if anything. */
  readonly stored: StoredAnswer | undefined;
  /** Other answers to the same URL are stored. */
  readonly isVariant: boolean;
  /** Whose answer it becomes, once its head is there. */
  draft: Draft | undefined;
  body: FillBody | undefined;
  /** Its answer is the store's, or nobody's. */
  isStored = false;
  readonly #owner: FillOwner;
  #readings: Reading[] = [];
  #source: FillSource | undefined;
  #isWhole = false;
  #isUnconditional = false;
  #isOver = false;

  constructor(
    {
      id,
      key,
      request,
      sequence,
      stored,
      isVariant,
    }: Pick<Fill, "id" | "key" | "request" | "sequence" | "stored" | "isVariant">,
    owner: FillOwner,
  ) {
    this.id = id;
    this.key = key;
    this.request = request;
    this.sequence = sequence;
    this.stored = stored;
    this.isVariant = isVariant;
    this.#owner = owner;
  }

  /** Nobody has begun to ask the origin: who has this of the cache is to. */
  get isNew(): boolean {
    return this.#source === undefined;
  }

  /** Whether a request that comes now may have what comes of it, as far as is known. */
  mayJoin(request: CachedRequest): boolean {
    if (this.draft === undefined) return true;
    const { directives } = request.view;
    // It was made before this request came: that is an answer to it only while it is fresh.
    return (
      this.draft.isReusable &&
      !directives.isNoCache &&
      directives.maxAgeMs > 0 &&
      isVariantFor(this.draft.origin, request)
    );
  }

  get readings(): readonly Reading[] {
    return this.#readings;
  }

  /** Field lines by which the origin is asked whether what is stored is still good (RFC 9111 §4.3.1). */
  get conditions(): string {
    if (this.stored === undefined || this.#isUnconditional) return "";
    const { fields } = this.stored;
    const etag = fieldValue(fields, "etag");
    const modified = fieldValue(fields, "last-modified");
    return (
      (etag === undefined ? "" : `If-None-Match: ${etag}\r\n`) +
      (modified === undefined ? "" : `If-Modified-Since: ${modified}\r\n`)
    );
  }

  /** The origin was asked about what is stored. */
  get isConditional(): boolean {
    return this.conditions !== "";
  }

  begin(source: FillSource): void {
    this.#source = source;
  }

  // — For readers —

  join(reader: FillReader, request: CachedRequest): void {
    const reading = { reader, request, next: 0, isBlocked: false, hasBegun: false };
    this.#readings.push(reading);
    if (this.draft !== undefined) this.#beginReading(reading);
  }

  leave(reader: FillReader): void {
    this.#readings = this.#readings.filter((reading) => reading.reader !== reader);
    if (this.#isWhole || this.#isOver) return;
    // What is stored is of use to others; what is not was for those who have left.
    const isWanted = this.#readings.length > 0 || this.body?.isHeld !== false;
    if (!isWanted) return this.#source?.abandon();
    if (this.#readings.length === 0) this.#source?.onUnattended();
    this.#makeRoom();
  }

  resume(reader: FillReader): void {
    const reading = this.#readings.find((each) => each.reader === reader);
    if (reading === undefined) return;
    reading.isBlocked = false;
    this.#push(reading);
    this.#makeRoom();
  }

  // — For the source —

  onHead(head: FetchedHead): Disposition {
    const disposition = this.#owner.onHead(this, head);
    if (disposition === "again") this.#isUnconditional = true;
    else if (disposition !== "take") this.#end();
    if (disposition === "alone") this.#giveAway();
    return disposition;
  }

  /** Takes a copy. @returns `false`: no more until `resume` */
  onBytes(bytes: Buffer, from: number, to: number): boolean {
    const body = this.body!;
    if (body.isHeld && !this.#owner.mayHold(this)) {
      body.isHeld = false;
      this.#owner.onClosed(this);
    }
    if (from < to) body.add(bytes, from, to);
    return this.#hasRoom();
  }

  /** What has come is all that will come at once: readers are given what is there. */
  deliver(): void {
    for (const reading of this.#readings) this.#beginReading(reading);
    if (this.body?.isHeld === false && this.#readings.length === 0) this.#source?.abandon();
  }

  onEnd(): void {
    this.#isWhole = true;
    if (this.body!.isHeld) {
      const stored = this.#owner.onWhole(this);
      const waiting = this.#readings.filter(({ hasBegun }) => !hasBegun);
      this.#readings = this.#readings.filter(({ hasBegun }) => hasBegun);
      for (const reading of waiting) reading.reader.onReady(this.draft!.ready(stored, reading));
    }
    this.#end();
    for (const reading of this.#readings) this.#beginReading(reading);
  }

  onFailed(failure: unknown): void {
    this.#isOver = true;
    if (this.draft === undefined && this.#owner.onFailed(this)) return this.#end();
    const readings = this.#readings;
    this.#readings = [];
    this.#end();
    for (const { reader, hasBegun } of readings) {
      if (hasBegun) reader.onBroken();
      else reader.onFailed(failure);
    }
  }

  // — For the owner —

  /** Its head is there, and it is going to be stored: from now on it can be read. */
  arrive(draft: Draft): void {
    this.draft = draft;
    this.body = new FillBody(draft.length);
  }

  /** Everybody is given this. */
  answerAll(toReady: (reading: Reading) => ReadyAnswer): void {
    const readings = this.#readings;
    this.#readings = [];
    for (const reading of readings) reading.reader.onReady(toReady(reading));
  }

  /** Those for whom it is not are sent back. */
  sendBack(isMeant: (reading: Reading) => boolean): void {
    const { meant = [], others = [] } = Object.groupBy(this.#readings, (reading) =>
      isMeant(reading) ? "meant" : "others",
    );
    this.#readings = meant;
    for (const reading of others) reading.reader.onAskAgain();
  }

  /** To whoever it was asked for, if he is still there; the others are sent back. */
  #giveAway(): void {
    const first = this.#readings.find(({ request }) => request === this.request && request.method === "GET");
    this.sendBack((reading) => reading === first);
    this.#readings = [];
    if (first === undefined) this.#source!.abandon();
    else first.reader.onAlone(this.#source!);
  }

  #end(): void {
    this.#isOver = true;
    this.#owner.onClosed(this);
  }

  #finish(reading: Reading, answer: ReadyAnswer): void {
    this.#readings = this.#readings.filter((each) => each !== reading);
    reading.reader.onReady(answer);
  }

  #beginReading(reading: Reading): void {
    if (reading.hasBegun) return this.#push(reading);
    const { answer, isWhole } = this.draft!.begin(reading);
    if (isWhole) return this.#finish(reading, answer);
    reading.hasBegun = true;
    reading.reader.onBegin(answer, this.draft!.length);
    this.#push(reading);
  }

  #push(reading: Reading): void {
    const body = this.body!;
    while (!reading.isBlocked && reading.next < body.count) {
      const piece = body.piece(reading.next++);
      if (!reading.reader.onBody(piece)) reading.isBlocked = true;
    }
    if (!this.#isWhole || reading.isBlocked || !this.#readings.includes(reading)) return;
    this.#readings = this.#readings.filter((each) => each !== reading);
    reading.reader.onEnd();
  }

  #hasRoom(): boolean {
    const body = this.body!;
    if (body.isHeld) return true;
    const slowest = Math.min(body.count, ...this.#readings.map(({ next }) => next));
    body.letGoBefore(slowest);
    return body.bytesFrom(slowest) < maxAheadBytes;
  }

  #makeRoom(): void {
    if (!this.#isWhole && this.body !== undefined && this.#hasRoom()) this.#source?.resume();
  }
}
