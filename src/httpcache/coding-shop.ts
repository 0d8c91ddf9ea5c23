import { type CodingRules, type ContentCoding, type AnswerToCode, isCodable } from "../http/index.ts";
import { code } from "./encoders.ts";

/** A body that is to be coded. */
export interface CodingOrder {
  readonly body: Buffer;
  readonly coding: ContentCoding;
  /** Asked before it is begun: what was stored may be gone by then. */
  isWanted(): boolean;
  /** Once, unless it was not wanted any more. `undefined`: it could not be coded. */
  onCoded(coded: Buffer | undefined): void;
}

export interface CodingFigures {
  /** Forms that were made. */
  readonly coded: number;
  /** Bytes that did not have to be sent. */
  readonly savedBytes: number;
}

/** Of the four threads of Node's pool, which others need as well. */
const maxRunning = 2;
/** Bodies that wait are held, even when they are no longer stored. */
const maxWaitingBytes = 16 * 1024 * 1024;

/** Makes coded forms of what is stored, off the event loop, a few at a time. Nobody waits for them: who is asked when there is too much to do declines. */
export class CodingShop {
  /** `undefined`: nothing is coded, and what has been is not sent. */
  rules: CodingRules | undefined = undefined;
  coded = 0;
  savedBytes = 0;
  #running = 0;
  #waitingBytes = 0;
  readonly #waiting: CodingOrder[] = [];

  isCodable(answer: AnswerToCode): boolean {
    return this.rules !== undefined && isCodable(answer, this.rules);
  }

  /** @returns `false`: there is too much to do; it may be asked again */
  take(order: CodingOrder): boolean {
    if (this.#running < maxRunning) {
      this.#begin(order);
      return true;
    }
    if (this.#waitingBytes + order.body.length > maxWaitingBytes) return false;
    this.#waitingBytes += order.body.length;
    this.#waiting.push(order);
    return true;
  }

  figures(): CodingFigures {
    return { coded: this.coded, savedBytes: this.savedBytes };
  }

  #begin(order: CodingOrder): void {
    this.#running++;
    code(order.body, order.coding, (error, coded) => {
      this.#running--;
      this.#beginNext();
      order.onCoded(error === null ? coded : undefined);
    });
  }

  #beginNext(): void {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#waitingBytes -= next.body.length;
      if (next.isWanted()) return this.#begin(next);
    }
  }
}
