import {
  addForwarding,
  hostName,
  isAuthority,
  isSaneRequestId,
  originOf,
  type Peer,
  readFieldSection,
  readRequestHead,
  type RequestHead,
} from "../../http/index.ts";
import type { Reception } from "../inbound-request.ts";

/**
 * A request's field section, read once and turned into what is sent upstream. The same connection brings the same section again and
 * again, so that of a request often nothing is left to do but to put its method, target and id around this.
 */
export interface RequestSection {
  readonly text: string;
  readonly reception: Reception;
  readonly raw: readonly string[];
  readonly head: RequestHead;
  /** Of Host: lower case, without the port. */
  readonly host: string;
  /** As in `"http://a.example"`: what caches know the section's requests by, with the target. */
  readonly origin: string;
  /** What the fields ask of a cache, once somebody has looked. */
  cacheView: unknown;
  /** The client's own, when it is sane. */
  readonly requestId: string | undefined;
  /** 0: no body. */
  readonly bodyLength: number;
  /** The client wants this to be the last request of the connection. */
  readonly closes: boolean;
  /** The field lines for the upstream but for Content-Length, up to the request's id … */
  readonly before: string;
  /** … and those behind it, with their CRLF. */
  readonly behind: string;
}

export type SectionFault =
  | "field-bytes"
  | "host"
  | "transfer-encoding"
  | "content-length"
  | "connection"
  | "upgrade"
  | "expect"
  | "body-size";

/** No field's value can hold it. */
const idMark = "\0";

/** @returns why the section is not canonical (http/canonical-request.ts), or asks for what only the full path does */
export function compileSection(text: string, peer: Peer, reception: Reception): RequestSection | SectionFault {
  const raw = readFieldSection(text);
  if (raw === undefined) return "field-bytes";
  const head = readRequestHead(raw);
  const { connection, contentLength } = head;
  if (head.hosts !== 1 || !isAuthority(head.host!)) return "host";
  if (head.transferEncoding !== undefined) return "transfer-encoding";
  if (head.upgrade !== undefined) return "upgrade";
  if (head.expect !== undefined) return "expect";
  if (head.contentLengths > 1 || (contentLength !== undefined && !/^\d{1,15}$/.test(contentLength)))
    return "content-length";
  if (connection !== undefined && !/^(?:keep-alive|close)$/i.test(connection)) return "connection";
  const bodyLength = Number(contentLength ?? 0);
  if (bodyLength > reception.maxBodyBytes) return "body-size";
  const requestId = head.requestId !== undefined && isSaneRequestId(head.requestId) ? head.requestId : undefined;
  const [before = "", behind = ""] = toLines(addForwarding(head, head.host!, peer, idMark)).split(idMark);
  const closes = connection?.toLowerCase() === "close";
  const isSecure = peer.trusted && head.forwardedProto === "https";
  const origin = originOf(isSecure, head.host!);
  const host = hostName(head.host!);
  return {
    text,
    reception,
    raw,
    head,
    host,
    origin,
    cacheView: undefined,
    requestId,
    bodyLength,
    closes,
    before,
    behind,
  };
}

/** Without Content-Length, which depends on the method too when it is 0. */
function toLines(fields: readonly string[]): string {
  let lines = "";
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!;
    if (name.length === 14 && name.toLowerCase() === "content-length") continue;
    lines += `${name}: ${fields[i + 1]!}\r\n`;
  }
  return lines;
}
