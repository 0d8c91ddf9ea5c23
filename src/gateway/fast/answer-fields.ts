import {
  type AnswerHead,
  answerFields,
  answerReason,
  httpDate,
  readAnswerFields,
  readResponseHead,
  readTrailers,
} from "../../http/index.ts";
import { headText } from "./own-answer.ts";

/** What this hop says of an answer to the client. */
export interface AnswerPassage {
  readonly requestId: string;
  /** Of a Set-Cookie that keeps the client on its upstream. */
  readonly cookie: string | undefined;
  /** Of an answer that the cache had nothing to do with. */
  readonly cacheStatus: string | undefined;
  /** What limits say, Connection, and Keep-Alive: lines with their CRLF. */
  readonly lines: string;
  /** The answer has a body whose end its length does not say. */
  readonly isChunked: boolean;
  /** In the place of the upstream's fields: name, value, name, value. */
  readonly fields: readonly string[] | undefined;
}

/** The lines that follow a plain head's own, and the empty line. */
export function addedLines(head: AnswerHead, passage: AnswerPassage): string {
  const { requestId, cookie, isChunked } = passage;
  let lines = `Via: 1.1 tenfold\r\nX-Request-Id: ${requestId}\r\n`;
  if (cookie !== undefined) lines += `Set-Cookie: ${cookie}\r\n`;
  if (passage.cacheStatus !== undefined) lines += `Cache-Status: ${passage.cacheStatus}\r\n`;
  if (!head.hasDate) lines += `Date: ${httpDate()}\r\n`;
  lines += passage.lines;
  return isChunked ? `${lines}Transfer-Encoding: chunked\r\n\r\n` : `${lines}\r\n`;
}

/**
 * The whole head as text, for one that names other fields to be dropped, has trailers, a history of its own, or other fields here than it came with: it is taken
 * apart and put together as the full path does it.
 */
export function rebuiltHead(bytes: Buffer, head: AnswerHead, passage: AnswerPassage): string {
  const raw = passage.fields ?? answerFields(bytes, head);
  const { fields } = readResponseHead(raw, passage.requestId, { status: head.status, keepTrailer: passage.isChunked });
  if (passage.cookie !== undefined) fields.push("Set-Cookie", passage.cookie);
  if (passage.cacheStatus !== undefined) fields.push("Cache-Status", passage.cacheStatus);
  if (!head.hasDate) fields.push("Date", httpDate());
  const lines = headText(head.status, answerReason(bytes, head), fields).slice(0, -2);
  return `${lines}${passage.lines}${passage.isChunked ? "Transfer-Encoding: chunked\r\n" : ""}\r\n`;
}

/** An informational answer on its way (RFC 9110 §15.2). */
export function informationText(bytes: Buffer, head: AnswerHead, requestId: string): string {
  const raw = answerFields(bytes, head);
  const { fields } = readResponseHead(raw, requestId, { status: head.status, keepTrailer: false });
  return headText(head.status, answerReason(bytes, head), fields);
}

/** The trailer section that may pass, and the empty line. @param trailers field lines with their CRLF */
export function trailerText(trailers: string): string {
  let text = "";
  for (const [name, value] of readTrailers(readAnswerFields(trailers) ?? [])) text += `${name}: ${value}\r\n`;
  return `${text}\r\n`;
}
