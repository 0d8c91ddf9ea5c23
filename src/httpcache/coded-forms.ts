import { codedFields, type ContentCoding } from "../http/index.ts";
import { type AnswerForm, answerForm, bodyBytesOf, bodyPartOf } from "./answer-form.ts";
import type { CodingShop } from "./coding-shop.ts";
import { codeAtOnce } from "./encoders.ts";
import { storedLines } from "./storable-fields.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** Who makes forms, and who counts what they take. */
export interface Coding {
  readonly shop: CodingShop;
  readonly store: { resize(answer: StoredAnswer, bytes: number): void };
}

/** A smaller body is coded on the event loop, once: 8 KiB of JSON take about 0.1 ms in any coding (bench/codings.ts). */
const atOnceBytes = 8 * 1024;
/** What a form costs beside its bytes, roughly. */
const overheadBytes = 150;

/**
 * The coded forms of one stored answer, each made once, when somebody asks for it. What was asked for once is not worth it yet: most of what
 * is never asked for again passes without costing more than the memory it stood in. Larger bodies are coded elsewhere, and whoever comes in
 * the meantime is given another form.
 *
 * The forms count as the answer's bytes, and share its fate: one that is made when the answer has gone, been purged or replaced goes too.
 *
 *     unknown ──asked──► under way ──► made
 *        ▲                  │ └──────► useless: no smaller than the plain one
 *        └── too much to do ┘
 */
export class CodedForms {
  readonly #answer: StoredAnswer;
  readonly #coding: Coding;
  readonly #isRefreshed: boolean;
  readonly #forms: Partial<Record<ContentCoding, AnswerForm | "under-way" | "useless">> = {};

  /** @param before of an answer with the same body, that this one takes the place of: what was made for it need not be made again */
  constructor(answer: StoredAnswer, coding: Coding, before?: CodedForms) {
    this.#answer = answer;
    this.#coding = coding;
    this.#isRefreshed = before !== undefined;
    for (const [name, form] of Object.entries(before === undefined ? {} : before.#forms)) {
      if (form === "useless") this.#forms[name as ContentCoding] = form;
      else if (form !== "under-way") {
        const made = this.#form(name as ContentCoding, bodyPartOf(form, 0, bodyBytesOf(form) - 1));
        answer.bytes += bytesOf(made);
        this.#forms[name as ContentCoding] = made;
      }
    }
  }

  /** @param codings the most wanted first @returns `undefined`: the plain form is to be sent */
  choose(codings: readonly ContentCoding[]): AnswerForm | undefined {
    const { rules } = this.#coding.shop;
    if (rules === undefined) return undefined;
    let isAwaited = false;
    for (const coding of codings) {
      let form = this.#forms[coding];
      if (form === undefined && !isAwaited) form = this.#make(coding, rules.minBytes);
      if (typeof form === "object") {
        this.#coding.shop.savedBytes += this.#answer.bodyBytes - bodyBytesOf(form);
        return form;
      }
      // Until the best is there, another that is there will do, but is not made for that.
      isAwaited ||= form !== "useless";
    }
    return undefined;
  }

  #make(coding: ContentCoding, minBytes: number): AnswerForm | "under-way" | "useless" | undefined {
    const answer = this.#answer;
    const { bodyBytes } = answer;
    const isAskedForAgain = answer.uses > 0 || this.#isRefreshed;
    if (answer.queue === undefined || !isAskedForAgain || bodyBytes < minBytes) return undefined;
    const body = answer.bodyPart(0, bodyBytes - 1);
    if (bodyBytes <= atOnceBytes) return this.#onCoded(coding, codeAtOnce(body, coding));
    const isTaken = this.#coding.shop.take({
      body,
      coding,
      isWanted: () => answer.queue !== undefined,
      onCoded: (coded) => void this.#onCoded(coding, coded),
    });
    return isTaken ? (this.#forms[coding] = "under-way") : undefined;
  }

  #onCoded(coding: ContentCoding, coded: Buffer | undefined): AnswerForm | "useless" | undefined {
    const answer = this.#answer;
    if (answer.queue === undefined) return undefined;
    if (coded === undefined || coded.length >= answer.bodyBytes) return (this.#forms[coding] = "useless");
    const form = this.#form(coding, coded);
    this.#forms[coding] = form;
    this.#coding.shop.coded++;
    this.#coding.store.resize(answer, answer.bytes + bytesOf(form));
    return form;
  }

  #form(coding: ContentCoding, coded: Buffer): AnswerForm {
    const lines = storedLines(codedFields(this.#answer.fields, coding), []);
    return answerForm(`${lines}Content-Length: ${coded.length}\r\n\r\n`, coded);
  }
}

function bytesOf({ text, body }: AnswerForm): number {
  return overheadBytes + text.length + (body?.length ?? 0);
}
