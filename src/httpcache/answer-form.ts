/** One form of an answer (RFC 9110 §8), ready to be written behind the status line and what is said anew each time. */
export interface AnswerForm {
  /** The field lines and the empty line; behind them, a small body. */
  readonly text: string;
  /** Of the field lines and the empty line. */
  readonly headLength: number;
  /** A large body. */
  readonly body: Buffer | undefined;
}

/** A body up to this size is kept in one string with the head: one write, and no second buffer to be looked after. */
const maxInlineBytes = 4_096;

/** @param head with the empty line */
export function answerForm(head: string, body: string | Buffer): AnswerForm {
  const isInline = body.length <= maxInlineBytes;
  const text = flat(isInline ? head + (typeof body === "string" ? body : body.toString("latin1")) : head);
  const own = isInline ? undefined : typeof body === "string" ? Buffer.from(body, "latin1") : body;
  return { text, headLength: head.length, body: own };
}

export function bodyBytesOf({ text, headLength, body }: AnswerForm): number {
  return body?.length ?? text.length - headLength;
}

/** With the empty line. */
export function headOf({ text, headLength, body }: AnswerForm): string {
  return body === undefined ? text.slice(0, headLength) : text;
}

/** Both ends belong to it. */
export function bodyPartOf({ text, headLength, body }: AnswerForm, first: number, last: number): Buffer {
  return (
    body?.subarray(first, last + 1) ?? Buffer.from(text.slice(headLength + first, headLength + last + 1), "latin1")
  );
}

/** A copy in one piece: a string that is made of others, or is a part of one, keeps them. */
export function flat(text: string): string {
  return Buffer.from(text, "latin1").toString("latin1");
}
