import { COLON, CR, isName, isTokenByte, isValueByte, LF, SP } from "./octets.ts";

/**
 * The head of an upstream's answer, read where it lies: what of it decides the framing is taken note of, and which lines end at this
 * hop. Nothing is copied, so that the head can be rewritten in place (answer-rewriting.ts).
 *
 * Strict: a status line of HTTP/1.1 or 1.0, lines ended by CRLF, `token ":" value` without folding, one Content-Length of digits or the
 * one coding `chunked`, never both (RFC 9112 §4, §5, §6). Whatever else comes is an upstream that cannot be trusted to say
 * where its answer ends.
 */
export class AnswerHead {
  status = 0;
  start = 0;
  /** Behind the head. */
  end = 0;
  isHttp11 = true;
  /** Content-Length; -1: none. */
  length = -1;
  isChunked = false;
  /** The connection ends with this answer (RFC 9112 §9.3). */
  closes = false;
  /** `Keep-Alive: timeout=…`; 0: not said. */
  keepAliveMs = 0;
  hasDate = false;
  /** Nothing but cuts and additions are needed; otherwise it is to be taken apart (response-head.ts). */
  isPlain = true;
  /** Lines that end here: from, to, from, to; in their order. */
  readonly cuts: number[] = [];

  reset(start: number): void {
    this.status = 0;
    this.start = start;
    this.end = 0;
    this.isHttp11 = true;
    this.length = -1;
    this.isChunked = false;
    this.closes = false;
    this.keepAliveMs = 0;
    this.hasDate = false;
    this.isPlain = true;
    this.cuts.length = 0;
  }
}

/** Reads a head from `from`; the bytes so far end at `to`. */
export function scanAnswerHead(
  bytes: Buffer,
  from: number,
  to: number,
  head: AnswerHead,
): "whole" | "partial" | "malformed" {
  head.reset(from);
  let at = scanStatusLine(bytes, to, head);
  if (at === partial) return "partial";
  if (at === malformed) return "malformed";
  for (;;) {
    const line = at;
    while (at < to && isTokenByte[bytes[at]!] === 1) at++;
    if (at === to) return "partial";
    if (at === line) {
      if (bytes[at] !== CR) return "malformed";
      if (at + 1 === to) return "partial";
      if (bytes[at + 1] !== LF) return "malformed";
      head.end = at + 2;
      return isConsistent(head) ? "whole" : "malformed";
    }
    const colon = at;
    if (bytes[at++] !== COLON) return "malformed";
    while (at < to && isValueByte[bytes[at]!] === 1) at++;
    if (at === to || (at + 1 === to && bytes[at] === CR)) return "partial";
    if (bytes[at] !== CR || bytes[at + 1] !== LF) return "malformed";
    at += 2;
    if (colon - line <= longestSpecial && !note(head, bytes, { line, colon, end: at })) return "malformed";
  }
}

const partial = 0;
const malformed = -1;
const prefix = "http/1.";

/** @returns where the first field line begins; {@link partial}, {@link malformed} */
function scanStatusLine(bytes: Buffer, to: number, head: AnswerHead): number {
  const { start } = head;
  if (to - start < 13)
    return bytes.toString("latin1", start, to).startsWith("HTTP/1.".slice(0, to - start)) ? partial : malformed;
  const minor = bytes[start + 7]! - 0x30;
  if (!isName(bytes, start, prefix) || (minor !== 1 && minor !== 0) || bytes[start + 8] !== SP) return malformed;
  head.isHttp11 = minor === 1;
  for (let i = start + 9; i < start + 12; i++) {
    const digit = bytes[i]! - 0x30;
    if (digit < 0 || digit > 9) return malformed;
    head.status = head.status * 10 + digit;
  }
  if (head.status < 100) return malformed;
  let at = start + 12;
  if (bytes[at] !== SP && bytes[at] !== CR) return malformed;
  while (at < to && isValueByte[bytes[at]!] === 1) if (bytes[at++]! > 0x7e) head.isPlain = false;
  if (at + 1 >= to) return at === to || bytes[at] === CR ? partial : malformed;
  if (bytes[at] !== CR || bytes[at + 1] !== LF) return malformed;
  if (!head.isHttp11) {
    head.isPlain = false;
    head.closes = true;
  }
  return at + 2;
}

interface Line {
  readonly line: number;
  readonly colon: number;
  readonly end: number;
}

/** Takes note of a field that is special, if it is; most are ruled out by their length. @returns `false`: it says what cannot be */
function note(head: AnswerHead, bytes: Buffer, at: Line): boolean {
  const { line, colon } = at;
  switch (colon - line) {
    case 4:
      if (isName(bytes, line, "date")) head.hasDate = true;
      return true;
    case 10:
      if (isName(bytes, line, "connection")) noteConnection(head, bytes, at);
      else if (isName(bytes, line, "keep-alive")) noteKeepAlive(head, bytes, at);
      return true;
    case 12:
      if (isName(bytes, line, "x-request-id")) cut(head, at);
      return true;
    case 14:
      return !isName(bytes, line, "content-length") || noteLength(head, bytes, at);
    case 17:
      return !isName(bytes, line, "transfer-encoding") || noteCoding(head, bytes, at);
    case 2:
    case 3:
    case 7:
    case 16:
    case 18:
    case 19:
      if (rare.has(bytes.toString("latin1", line, colon).toLowerCase())) head.isPlain = false;
      return true;
    default:
      return true;
  }
}

/** What takes more than a cut (response-head.ts). */
const rare: ReadonlySet<string> = new Set([
  "te",
  "via",
  "trailer",
  "upgrade",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
]);
const longestSpecial = 19;

function noteLength(head: AnswerHead, bytes: Buffer, at: Line): boolean {
  if (head.length !== -1) return false;
  const value = valueOf(bytes, at);
  if (!/^\d{1,15}$/.test(value)) return false;
  head.length = Number(value);
  // Of a body that cannot be (RFC 9110 §8.6).
  if (head.status < 200 || head.status === 204) cut(head, at);
  return true;
}

function noteCoding(head: AnswerHead, bytes: Buffer, at: Line): boolean {
  if (head.isChunked || !head.isHttp11 || valueOf(bytes, at).toLowerCase() !== "chunked") return false;
  head.isChunked = true;
  cut(head, at);
  return true;
}

function noteConnection(head: AnswerHead, bytes: Buffer, at: Line): void {
  cut(head, at);
  const value = valueOf(bytes, at).toLowerCase();
  if (value === "keep-alive") {
    if (!head.isHttp11) head.closes = false;
  } else if (value === "close") head.closes = true;
  else {
    head.isPlain = false;
    if (/(?:^|,)[\t ]*close[\t ]*(?:,|$)/.test(value)) head.closes = true;
  }
}

function noteKeepAlive(head: AnswerHead, bytes: Buffer, at: Line): void {
  cut(head, at);
  head.keepAliveMs = Number(/(?:^|[\s,])timeout=(\d{1,6})/i.exec(valueOf(bytes, at))?.[1] ?? 0) * 1_000;
}

function valueOf(bytes: Buffer, { colon, end }: Line): string {
  return bytes.toString("latin1", colon + 1, end - 2).trim();
}

function cut(head: AnswerHead, { line, end }: Line): void {
  head.cuts.push(line, end);
}

function isConsistent({ isChunked, length }: AnswerHead): boolean {
  return !isChunked || length === -1;
}
