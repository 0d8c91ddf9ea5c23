import type { AnswerHead } from "./answer-head.ts";
import { readAnswerFields } from "./field-section.ts";
import { reasonPhrase } from "./response-head.ts";

/** The fields of a head that has been read where it lies: name, value, name, value. */
export function answerFields(bytes: Buffer, head: AnswerHead): string[] {
  const text = bytes.toString("latin1", head.start, head.end - 2);
  return readAnswerFields(text.slice(text.indexOf("\r\n") + 2)) ?? [];
}

/** Its reason phrase, in letters that every client can read. */
export function answerReason(bytes: Buffer, { status, start, end }: AnswerHead): string {
  const text = bytes.toString("latin1", start, end);
  return reasonPhrase(status, text.slice(13, text.indexOf("\r\n")));
}
