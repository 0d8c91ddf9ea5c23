import type { CachedRequest } from "./cached-request.ts";
import type { Fill } from "./fill.ts";
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
  /** Nobody waits for it now. What is not under way yet need not be; what is, goes on for those who come later. */
  onUnattended(): void;
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
  /** Another gateway process had it: the service was not asked. */
  readonly isStoredElsewhere?: boolean;
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
