import { readAnswerFields } from "../http/index.ts";
import { notKept } from "../kernel/index.ts";
import type { AnswerPolicy } from "./answer-policy.ts";
import type { Storable } from "./answer-store.ts";
import { readValidators, type Validators } from "./precondition.ts";
import type { Tag } from "./purges.ts";

/** What is known of an answer when its head has come. */
export interface AnswerOrigin {
  readonly url: string;
  readonly vary: readonly string[];
  readonly variant: string;
  readonly tags: readonly Tag[];
  readonly sequence: number;
  readonly status: number;
  readonly policy: AnswerPolicy;
  /** For how long it is fresh, since it was made; and when that was, in milliseconds since the epoch. */
  readonly lifetimeMs: number;
  readonly bornAt: number;
  readonly receivedAt: number;
}

/** A body up to this size is kept in one string with the head: one write, and no second buffer to be looked after. */
const maxInlineBytes = 4_096;
/** What an answer costs beside its bytes, roughly. */
const overheadBytes = 300;

/**
 * An answer that is stored, ready to be written: behind the status line, and what is said anew each time, comes `text`, and then `body`.
 * Nothing else is kept that could be read from these again.
 */
export class StoredAnswer implements Storable {
  readonly url: string;
  readonly vary: readonly string[];
  readonly variant: string;
  readonly tags: readonly Tag[];
  sequence: number;
  readonly status: number;
  readonly policy: AnswerPolicy;
  readonly lifetimeMs: number;
  readonly bornAt: number;
  readonly receivedAt: number;
  /** The field lines and the empty line; behind them, a small body. */
  readonly text: string;
  /** Of the field lines and the empty line. */
  readonly headLength: number;
  readonly body: Buffer | undefined;
  readonly bytes: number;
  isStale = false;
  uses: number = notKept.uses;
  queue: "small" | "main" | undefined = notKept.queue;
  older: this | undefined = undefined;
  newer: this | undefined = undefined;
  #validators: Validators | undefined = undefined;

  /**
   * @param lines as `storedLines` has them
   * @param length of the body; -1: not known. Only of an answer whose body is still to come does it differ from what is given
   */
  constructor(origin: AnswerOrigin, lines: string, body: string | Buffer, length = body.length) {
    // Of a million answers, most have neither, and can share that.
    this.url = flat(origin.url);
    this.vary = origin.vary.length === 0 ? noVary : origin.vary;
    this.variant = origin.variant;
    this.tags = origin.tags.length === 0 ? noTags : origin.tags;
    this.sequence = origin.sequence;
    this.status = origin.status;
    this.policy = origin.policy;
    this.lifetimeMs = origin.lifetimeMs;
    this.bornAt = origin.bornAt;
    this.receivedAt = origin.receivedAt;
    const head = origin.status === 204 || length === -1 ? `${lines}\r\n` : `${lines}Content-Length: ${length}\r\n\r\n`;
    const isInline = body.length <= maxInlineBytes;
    // Put together and copied: a string that is made of others keeps them all.
    this.text = flat(isInline ? head + (typeof body === "string" ? body : body.toString("latin1")) : head);
    this.headLength = head.length;
    this.body = isInline ? undefined : typeof body === "string" ? Buffer.from(body, "latin1") : body;
    this.bytes = overheadBytes + origin.url.length + this.text.length + (this.body?.length ?? 0);
  }

  get key(): string {
    return this.url;
  }

  get bodyBytes(): number {
    return this.body?.length ?? this.text.length - this.headLength;
  }

  /** With the empty line. */
  get head(): string {
    return this.body === undefined ? this.text.slice(0, this.headLength) : this.text;
  }

  /** Name, value, name, value. */
  get fields(): readonly string[] {
    return readAnswerFields(this.text.slice(0, this.headLength - 2)) ?? [];
  }

  /** Read when they are asked for first. */
  get validators(): Validators {
    return (this.#validators ??= readValidators(this.status, this.fields, this.receivedAt));
  }

  bodyPart(first: number, last: number): Buffer {
    const { body, headLength } = this;
    return (
      body?.subarray(first, last + 1) ??
      Buffer.from(this.text.slice(headLength + first, headLength + last + 1), "latin1")
    );
  }

  ageMs(now: number): number {
    return Math.max(0, now - this.bornAt);
  }

  isFresh(now: number): boolean {
    return now - this.bornAt < this.lifetimeMs;
  }
}

const noVary: readonly string[] = [];
const noTags: readonly Tag[] = [];

function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
