import { fieldValue } from "../http/index.ts";
import type { CachedRequest } from "./cached-request.ts";
import { FillBody } from "./fill-body.ts";
import type { Draft } from "./draft.ts";
import type { ReadyAnswer } from "./ready-answer.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** Whoever waits for an answer that is on its way. Is told one of the first five, once. */
export interface FillReader {
  /** The answer as a whole. */
  onReady(answer: ReadyAnswer): void;
  /** Its head: no body yet, and `text` without Content-Length when `length` is -1: not known. `onBody`, `onEnd` or `onBroken` follow. */
  onBegin(answer: ReadyAnswer, length: number): void;
  /** It is not for this request after all: the cache is to be asked again. */
  onAskAgain(): void;
  /** It is for this request alone, and not for the cache: it is to be taken over from its source, as it is. */
  onAlone(source: FillSource): void;
  /** The origin could not be asked, or has not answered; the source's own words. */
  onFailed(failure: unknown): void;
  /** @returns `false`: no more until `Fill.resume` */
  onBody(bytes: Buffer): boolean;
  onEnd(): void;
  /** The rest will not come. */
  onBroken(): void;
}

/** Who asks the origin on behalf of a fill. */
export interface FillSource {
  /** There is room for more of the body. */
  resume(): void;
  /** Nobody wants it any more. */
  abandon(): void;
}

export interface FetchedHead {
  readonly status: number;
  /** Name, value, name, value; without what ends at this hop. */
  readonly fields: readonly string[];
  /** Milliseconds since the epoch, both. */
  readonly requestedAt: number;
  readonly receivedAt: number;
  /** Of the body; -1: not known. */
  readonly length: number;
}

/**
 * What becomes of a fetched answer. `take`: its body is wanted; `done`: it is not; `again`: the origin is to be asked without conditions;
 * `alone`: it is for the first reader alone, to be passed on as it is.
 */
export type Disposition = "take" | "done" | "again" | "alone";

/** Who decides on what comes. */
export interface FillOwner {
  onHead(fill: Fill, head: FetchedHead): Disposition;
  /** Whether there is room to go on storing this one. */
  mayHold(fill: Fill): boolean;
  /** It is whole. @returns what is stored */
  onWhole(fill: Fill): StoredAnswer;
  /** @returns whether something stands in for the answer that did not come; then the readers have it */
  onFailed(fill: Fill): boolean;
  /** Nobody else is to join. */
  onClosed(fill: Fill): void;
}

export interface Reading {
  readonly reader: FillReader;
  readonly request: CachedRequest;
  /** Of the body, the next piece that it is to be given. */
  next: number;
  isBlocked: boolean;
  hasBegun: boolean;
}

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
  /** Whose answer it becomes, once its head is there. */
  draft: Draft | undefined;
  body: FillBody | undefined;
  /** Its answer is the store's, or nobody's. */
  isStored = false;
  readonly #owner: FillOwner;
  #readings: Reading[] = [];
  #source: FillSource | undefined;
  #isWhole = false;
  #isOver = false;

  constructor(
    { id, key, request, sequence, stored }: Pick<Fill, "id" | "key" | "request" | "sequence" | "stored">,
    owner: FillOwner,
  ) {
    this.id = id;
    this.key = key;
    this.request = request;
    this.sequence = sequence;
    this.stored = stored;
    this.#owner = owner;
  }

  /** Nobody has begun to ask the origin: who has this of the cache is to. */
  get isNew(): boolean {
    return this.#source === undefined;
  }

  get readings(): readonly Reading[] {
    return this.#readings;
  }

  /** Field lines by which the origin is asked whether what is stored is still good (RFC 9111 §4.3.1). */
  get conditions(): string {
    if (this.stored === undefined) return "";
    const { fields } = this.stored;
    const etag = fieldValue(fields, "etag");
    const modified = fieldValue(fields, "last-modified");
    return (
      (etag === undefined ? "" : `If-None-Match: ${etag}\r\n`) +
      (modified === undefined ? "" : `If-Modified-Since: ${modified}\r\n`)
    );
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
    if (isWanted) this.#makeRoom();
    else this.#source?.abandon();
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
    if (disposition === "take") this.body = new FillBody(head.length);
    else if (disposition !== "again") this.#end();
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
    const readings = this.#readings;
    this.#isWhole = true;
    if (this.body!.isHeld) {
      const stored = this.#owner.onWhole(this);
      for (const reading of readings) if (!reading.hasBegun) this.#finish(reading, this.draft!.ready(stored, reading));
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

  /** Everybody is given this. */
  answerAll(toReady: (reading: Reading) => ReadyAnswer): void {
    for (const reading of this.#readings) this.#finish(reading, toReady(reading));
  }

  /** Those for whom it is not are sent back. */
  sendBack(isMeant: (reading: Reading) => boolean): void {
    const readings = this.#readings;
    this.#readings = readings.filter(isMeant);
    for (const reading of readings) if (!this.#readings.includes(reading)) reading.reader.onAskAgain();
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
