import { STATUS_CODES } from "node:http";
import { randomBytes } from "node:crypto";
import {
  type ByteRange,
  fieldValue,
  readAnswerFields,
  readByteRanges,
  tagAsKnown,
  unvaryingFields,
} from "../http/index.ts";
import { type AnswerForm, bodyBytesOf, headOf } from "./answer-form.ts";
import type { CachedRequest } from "./cached-request.ts";
import { isNotModified, mayBePartial } from "./precondition.ts";
import type { StoredAnswer } from "./stored-answer.ts";

/** How the cache came by an answer, for logs and figures. */
export type Outcome = "hit" | "stale" | "miss" | "collapsed" | "revalidated" | "stand-in" | "pass";

/** An answer as it is to be written: `statusLine`, what else this hop has to say, `said`, `text`, `body`. All text is latin1. */
export interface ReadyAnswer {
  readonly kind: "ready";
  readonly outcome: Outcome;
  readonly status: number;
  /** With its CRLF, as all lines. */
  readonly statusLine: string;
  /** True of this moment alone: Age, Cache-Status. */
  readonly said: string;
  /** Field lines, the empty line, and, when there is no `body`, as much of a body as there is. */
  readonly text: string;
  readonly body: Buffer | undefined;
  readonly bodyBytes: number;
}

export type Said = Pick<ReadyAnswer, "outcome" | "said">;

const statusLines: string[] = [];

export function statusLine(status: number): string {
  return (statusLines[status] ??= `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}\r\n`);
}

/** What this request is to be given of a stored answer: all of it, in one of its forms, a part, its head, or that the client has it already. */
export function present(answer: StoredAnswer, request: CachedRequest, said: Said): ReadyAnswer {
  const isSaidLast = !answer.policy.hasCacheStatus;
  if (request.view.isPlain && request.method === "GET" && !request.isFellow && isSaidLast)
    return whole(answer, request, said);
  const selected = select(answer, request, said);
  const ready = isSaidLast ? selected : withStatusLast(selected);
  return request.isFellow && answer.hasOwnVary ? withoutOwnVary(ready) : ready;
}

function select(answer: StoredAnswer, request: CachedRequest, said: Said): ReadyAnswer {
  const { view, method } = request;
  if (view.isConditional && isNotModified(request.fields, answer.validators)) return notModified(answer, request, said);
  if (method === "HEAD") return ready(answer.status, said, headOf(formFor(answer, request)));
  if (view.range === undefined || !mayBePartial(request.fields, answer.validators)) return whole(answer, request, said);
  const ranges = readByteRanges(view.range, answer.bodyBytes);
  return ranges === undefined ? whole(answer, request, said) : partial(answer, ranges, said);
}

function formFor(answer: StoredAnswer, { view, isFellow }: CachedRequest): AnswerForm {
  if (typeof answer.forms !== "object" || view.codings.length === 0 || isFellow) return answer;
  return answer.forms.choose(view.codings) ?? answer;
}

function whole(answer: StoredAnswer, request: CachedRequest, { outcome, said }: Said): ReadyAnswer {
  const form = formFor(answer, request);
  const { status } = answer;
  const { text, body } = form;
  const bodyBytes = bodyBytesOf(form);
  return { kind: "ready", outcome, status, statusLine: statusLine(status), said, text, body, bodyBytes };
}

function ready(status: number, { outcome, said }: Said, text: string, body?: Buffer): ReadyAnswer {
  const bodyBytes = body?.length ?? 0;
  return { kind: "ready", outcome, status, statusLine: statusLine(status), said, text, body, bodyBytes };
}

/** What a 304 says, of what a 200 would have said (RFC 9110 §15.4.5). */
const inNotModified: ReadonlySet<string> = new Set([
  "cache-control",
  "content-location",
  "date",
  "etag",
  "expires",
  "vary",
  "via",
]);

/** A longer one is no tag that an origin has given. */
const maxKeptCondition = 256;

function notModified(answer: StoredAnswer, request: CachedRequest, said: Said): ReadyAnswer {
  const { conditions } = answer;
  const condition = fieldValue(request.fields, "if-none-match");
  if (conditions.notModifiedText !== "" && conditions.notModifiedFor === condition)
    return ready(304, said, conditions.notModifiedText);
  const text = notModifiedText(answer, condition);
  if (condition === undefined || condition.length <= maxKeptCondition) {
    conditions.notModifiedText = text;
    conditions.notModifiedFor = condition;
  }
  return ready(304, said, text);
}

function notModifiedText(answer: StoredAnswer, condition: string | undefined): string {
  const fields = answer.isCodable ? withTagAsKnown(answer.fields, condition) : answer.fields;
  const hasTag = fieldValue(fields, "etag") !== undefined;
  const isKept = (name: string): boolean =>
    inNotModified.has(name) || name.endsWith("cdn-cache-control") || (name === "last-modified" && !hasTag);
  return `${linesOf(fields, isKept)}\r\n`;
}

function withTagAsKnown(fields: readonly string[], condition: string | undefined): readonly string[] {
  return fields.map((each, i) =>
    i % 2 === 1 && fields[i - 1]!.toLowerCase() === "etag" ? tagAsKnown(each, condition) : each,
  );
}

function partial(answer: StoredAnswer, ranges: readonly ByteRange[], said: Said): ReadyAnswer {
  const { fields, bodyBytes } = answer;
  const [only] = ranges;
  if (only === undefined) {
    const lines = linesOf(fields, (name) => name === "date" || name === "via");
    return ready(416, said, `${lines}Content-Range: bytes */${bodyBytes}\r\nContent-Length: 0\r\n\r\n`);
  }
  const lines = linesOf(fields, (name) => name !== "content-length" && name !== "content-type");
  const type = fieldValue(fields, "content-type");
  if (ranges.length > 1) return severalParts(answer, ranges, said, { lines, type });
  const typeLine = type === undefined ? "" : `Content-Type: ${type}\r\n`;
  const body = answer.bodyPart(only.first, only.last);
  return ready(
    206,
    said,
    `${lines}${typeLine}${rangeLine(only, bodyBytes)}Content-Length: ${body.length}\r\n\r\n`,
    body,
  );
}

/** RFC 9110 §14.6. */
function severalParts(
  answer: StoredAnswer,
  ranges: readonly ByteRange[],
  said: Said,
  { lines, type }: { readonly lines: string; readonly type: string | undefined },
): ReadyAnswer {
  const boundary = randomBytes(16).toString("hex");
  const typeLine = type === undefined ? "" : `Content-Type: ${type}\r\n`;
  const parts = ranges.flatMap((range) => [
    Buffer.from(`\r\n--${boundary}\r\n${typeLine}${rangeLine(range, answer.bodyBytes)}\r\n`, "latin1"),
    answer.bodyPart(range.first, range.last),
  ]);
  const body = Buffer.concat([...parts, Buffer.from(`\r\n--${boundary}--\r\n`)]);
  const head = `${lines}Content-Type: multipart/byteranges; boundary=${boundary}\r\nContent-Length: ${body.length}\r\n\r\n`;
  return ready(206, said, head, body);
}

function rangeLine({ first, last }: ByteRange, length: number): string {
  return `Content-Range: bytes ${first}-${last}/${length}\r\n`;
}

function linesOf(fields: readonly string[], isKept: (name: string) => boolean): string {
  let lines = "";
  for (let i = 0; i < fields.length; i += 2)
    if (isKept(fields[i]!.toLowerCase())) lines += `${fields[i]!}: ${fields[i + 1]!}\r\n`;
  return lines;
}

/** What caches nearer to the origin have said comes before what this one says (RFC 9211 §2). */
function withStatusLast(answer: ReadyAnswer): ReadyAnswer {
  const headEnd = answer.text.indexOf("\r\n\r\n") + 2;
  const fields = readAnswerFields(answer.text.slice(0, headEnd)) ?? [];
  const isStatus = (name: string): boolean => name === "cache-status";
  const text = linesOf(fields, (name) => !isStatus(name)) + answer.text.slice(headEnd);
  return { ...answer, said: linesOf(fields, isStatus) + answer.said, text };
}

/** Another cache makes forms of its own, and must not take them for the origin's. */
function withoutOwnVary(answer: ReadyAnswer): ReadyAnswer {
  const headEnd = answer.text.indexOf("\r\n\r\n") + 2;
  const fields = unvaryingFields(readAnswerFields(answer.text.slice(0, headEnd)) ?? []);
  return { ...answer, text: linesOf(fields, () => true) + answer.text.slice(headEnd) };
}
