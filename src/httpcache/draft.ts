import { varyingFields } from "../http/index.ts";
import type { CachedRequest } from "./cached-request.ts";
import type { FetchedHead, Reading } from "./fill-parties.ts";
import { present, type ReadyAnswer, type Said } from "./ready-answer.ts";
import { storedLines } from "./storable-fields.ts";
import { type AnswerOrigin, StoredAnswer } from "./stored-answer.ts";

/** An answer whose head has come, and is going to be stored. */
export class Draft {
  readonly origin: AnswerOrigin;
  /** Of the body; -1: not known. */
  readonly length: number;
  readonly #request: CachedRequest;
  readonly #lines: string;
  /** To whoever asked first, also what is not stored: a field that is private is his. */
  readonly #firstLines: string;
  readonly #said: (reading: Reading) => Said;
  #head: StoredAnswer | undefined;

  /** @param withheld fields that are not stored, in lower case */
  constructor(
    request: CachedRequest,
    origin: AnswerOrigin,
    { fields, length }: FetchedHead,
    { withheld, said }: { readonly withheld: readonly string[]; readonly said: (reading: Reading) => Said },
  ) {
    this.origin = origin;
    this.length = length;
    this.#request = request;
    const told = origin.isCodable ? varyingFields(fields) : fields;
    this.#lines = storedLines(told, withheld);
    this.#firstLines = withheld.length === 0 ? this.#lines : storedLines(told, []);
    this.#said = said;
  }

  /** It is fresh, and may be used without being asked about. */
  get isReusable(): boolean {
    const { policy, lifetimeMs, bornAt, receivedAt } = this.origin;
    return !policy.mustAlwaysValidate && lifetimeMs > receivedAt - bornAt;
  }

  /** What is stored of it. */
  answer(body: Buffer): StoredAnswer {
    return new StoredAnswer(this.origin, this.#lines, body);
  }

  /** For one who waits, when all is there. */
  ready(stored: StoredAnswer, reading: Reading): ReadyAnswer {
    const isFirst = reading.request === this.#request && this.#firstLines !== this.#lines;
    const body = stored.bodyBytes === 0 ? "" : stored.bodyPart(0, stored.bodyBytes - 1);
    const answer = isFirst ? new StoredAnswer(this.origin, this.#firstLines, body) : stored;
    return present(answer, reading.request, this.#said(reading));
  }

  /** For one who waits, while the body is still coming. A part of what is not there yet cannot be given: then it is the whole. */
  begin(reading: Reading): { readonly answer: ReadyAnswer; readonly isWhole: boolean } {
    const { request } = reading;
    const isFirst = request === this.#request;
    this.#head ??= new StoredAnswer(this.origin, this.#lines, "", this.length);
    const head = isFirst ? new StoredAnswer(this.origin, this.#firstLines, "", this.length) : this.#head;
    const asked =
      request.view.range === undefined ? request : { ...request, view: { ...request.view, range: undefined } };
    const answer = present(head, asked, this.#said(reading));
    return { answer, isWhole: request.method === "HEAD" || answer.status === 304 };
  }
}
