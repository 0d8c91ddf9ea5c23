import { STATUS_CODES } from "node:http";
import { fieldKind } from "./field-kinds.ts";
import { removeListed } from "./request-head.ts";

/** Of an answer: what ends at this hop (RFC 9110 §7.6.1), or is written by it. */
const dropped: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authenticate",
  "proxy-authorization",
  "te",
  "transfer-encoding",
  "upgrade",
  "x-request-id",
]);
const special: readonly boolean[] = Array.from({ length: 64 }, (_, length) =>
  [...dropped, "via", "trailer", "content-length"].some((name) => name.length === length),
);

export interface ResponseHead {
  /** Name, value, name, value. */
  readonly fields: string[];
  /** As sent; `undefined` when the length is not known beforehand. */
  readonly contentLength: string | undefined;
}

export interface AnswerKind {
  readonly status: number;
  /** The answer to the client can carry trailers. */
  readonly keepTrailer: boolean;
}

/**
 * The header section for the client: end-to-end fields in their order and spelling, then what this hop adds.
 *
 * @param raw name, value, name, value, as read from the wire; bytes are latin1
 */
export function readResponseHead(
  raw: readonly (Buffer | string)[],
  requestId: string,
  { status, keepTrailer }: AnswerKind,
): ResponseHead {
  const fields: string[] = [];
  let contentLength: string | undefined;
  let connection: string | undefined;
  let via: string | undefined;
  let trailer: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]!);
    const value = text(raw[i + 1]!);
    if (special[name.length] === true) {
      const lower = name.toLowerCase();
      if (lower === "connection") connection = connection === undefined ? value : `${connection},${value}`;
      if (dropped.has(lower)) continue;
      if (lower === "content-length") {
        // Of a body that cannot be (RFC 9110 §8.6).
        if (status < 200 || status === 204) continue;
        contentLength = value;
      }
      if (lower === "trailer") {
        trailer = trailer === undefined ? value : `${trailer}, ${value}`;
        continue;
      }
      if (lower === "via") {
        via = via === undefined ? value : `${via}, ${value}`;
        continue;
      }
    }
    fields.push(name, value);
  }
  if (connection !== undefined) removeListed(fields, connection);
  if (trailer !== undefined && keepTrailer && contentLength === undefined) fields.push("Trailer", trailer);
  fields.push("Via", via === undefined ? "1.1 tenfold" : `${via}, 1.1 tenfold`, "X-Request-Id", requestId);
  return { fields, contentLength };
}

/** A reason that not every client could read is replaced: it says nothing that the status does not (RFC 9112 §4). */
export function reasonPhrase(status: number, sent: string): string {
  return /^[\t\x20-\x7e]*$/.test(sent) ? sent : (STATUS_CODES[status] ?? "");
}

/** Raw pairs as text; what a trailer section may never hold (RFC 9110 §6.5.1) is left out. */
export function readTrailers(raw: readonly (Buffer | string)[]): [string, string][] {
  const trailers: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) {
    const name = text(raw[i]!);
    if (fieldKind(name) === "end-to-end" && !forbiddenTrailers.has(name.toLowerCase()))
      trailers.push([name, text(raw[i + 1]!)]);
  }
  return trailers;
}

const forbiddenTrailers: ReadonlySet<string> = new Set([
  ...dropped,
  "content-length",
  "content-encoding",
  "content-type",
  "content-range",
  "host",
  "trailer",
  "authorization",
  "cookie",
  "set-cookie",
  "cache-control",
  "expect",
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
]);

/** Raw pairs as text. */
export function rawText(raw: readonly (Buffer | string)[]): string[] {
  return raw.map(text);
}

function text(bytes: Buffer | string): string {
  return typeof bytes === "string" ? bytes : bytes.toString("latin1");
}
