import { readAnswerFields, unvaryingFields } from "../http/index.ts";
import { notKept } from "../kernel/index.ts";
import { type AnswerForm, answerForm, bodyBytesOf, bodyPartOf, flat, headOf } from "./answer-form.ts";
import type { AnswerPolicy } from "./answer-policy.ts";
import type { Storable } from "./answer-store.ts";
import type { CodedForms } from "./coded-forms.ts";
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
  /** Other forms may be made of it, in content codings. */
  readonly isCodable: boolean;
}

/** What an answer costs beside its bytes, roughly. */
const overheadBytes = 300;

/** What conditional requests are answered by. */
export interface Conditions {
  readonly validators: Validators;
  /** What the last 304 said, and to which If-None-Match: most clients have the same. */
  notModifiedFor: string | undefined;
  notModifiedText: string;
}

/**
 * An answer that is stored, ready to be written: behind the status line, and what is said anew each time, comes `text`, and then `body`.
 * Nothing else is kept that could be read from these again.
 */
export class StoredAnswer implements Storable, AnswerForm {
  readonly url: string;
  readonly vary: readonly string[];
  readonly variant: string;
  readonly tags: readonly Tag[];
  sequence: number;
  readonly status: number;
  readonly policy: AnswerPolicy;
  readonly lifetimeMs: number;
  readonly bornAt: number;
  /** How old it came. */
  readonly initialAgeMs: number;
  readonly text: string;
  readonly headLength: number;
  readonly body: Buffer | undefined;
  /** Of all its forms. */
  bytes: number;
  /** Beside this one, if it is stored. When they are possible, its Vary says that there are others, whatever the origin's said. */
  forms: CodedForms | "possible" | undefined;
  isStale = false;
  uses: number = notKept.uses;
  queue: "small" | "main" | undefined = notKept.queue;
  older: this | undefined = undefined;
  newer: this | undefined = undefined;
  #conditions: Conditions | undefined = undefined;

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
    this.initialAgeMs = Math.round(origin.receivedAt - origin.bornAt);
    this.forms = origin.isCodable ? "possible" : undefined;
    const head = origin.status === 204 || length === -1 ? `${lines}\r\n` : `${lines}Content-Length: ${length}\r\n\r\n`;
    const form = answerForm(head, body);
    this.text = form.text;
    this.headLength = form.headLength;
    this.body = form.body;
    this.bytes = overheadBytes + origin.url.length + this.text.length + (this.body?.length ?? 0);
  }

  get key(): string {
    return this.url;
  }

  get bodyBytes(): number {
    return bodyBytesOf(this);
  }

  /** With the empty line. */
  get head(): string {
    return headOf(this);
  }

  /** Name, value, name, value. */
  get fields(): readonly string[] {
    return readAnswerFields(this.text.slice(0, this.headLength - 2)) ?? [];
  }

  /** Other forms may be made of it. */
  get isCodable(): boolean {
    return this.forms !== undefined;
  }

  /** That it varies by Accept-Encoding is not what the origin says. */
  get hasOwnVary(): boolean {
    return this.isCodable && !this.vary.includes("accept-encoding");
  }

  /** As the origin has sent them. */
  get originFields(): readonly string[] {
    return this.hasOwnVary ? unvaryingFields(this.fields) : this.fields;
  }

  get receivedAt(): number {
    return this.bornAt + this.initialAgeMs;
  }

  get validators(): Validators {
    return this.conditions.validators;
  }

  /** Read when they are asked for first. */
  get conditions(): Conditions {
    return (this.#conditions ??= {
      validators: readValidators(this.status, this.fields, this.receivedAt),
      notModifiedFor: "",
      notModifiedText: "",
    });
  }

  bodyPart(first: number, last: number): Buffer {
    return bodyPartOf(this, first, last);
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
