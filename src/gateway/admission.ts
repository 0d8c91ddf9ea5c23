import type { IncomingMessage } from "node:http";
import { isAuthority, type Problem, type RequestHead } from "../http/index.ts";
import * as problems from "./problems.ts";

export interface RequestLimits {
  readonly maxHeadBytes: number;
  readonly maxTargetLength: number;
  readonly maxBodyBytes: number;
}

/**
 * What the parser lets pass and a gateway must not: whatever two servers could read in two ways. Node's parser, in its strict
 * mode, has already refused broken framing (both Content-Length and Transfer-Encoding, repeated or signed lengths, bare LF,
 * folded lines, bad chunks).
 */
export function findFault(req: IncomingMessage, head: RequestHead, limits: RequestLimits): Problem | undefined {
  if (req.httpVersionMajor !== 1) return problems.versionUnsupported;
  if (req.url!.length > limits.maxTargetLength) return problems.targetTooLong;
  // The parser counts names and values only, so that very many short fields pass its limit.
  if (req.rawHeaders.length > manyFields && headBytes(req.rawHeaders) > limits.maxHeadBytes)
    return problems.headTooLarge;
  if (head.hosts !== 1) {
    if (head.hosts > 1) return problems.badRequest("The request has more than one Host.");
    if (req.httpVersionMinor > 0) return problems.badRequest("The request has no Host.");
  } else if (!isAuthority(head.host!)) return problems.badRequest("The request's Host is not valid.");
  if (head.transferEncoding !== undefined) {
    // HTTP/1.0 knows no transfer codings: framing that another server would read otherwise (RFC 9112 §6.1).
    if (req.httpVersionMinor === 0) return problems.badRequest("HTTP/1.0 has no Transfer-Encoding.");
    if (head.contentLength !== undefined) return problems.badRequest("The request has two lengths.");
    if (head.transferEncoding.toLowerCase() !== "chunked") return problems.transferCodingUnknown;
  }
  if (head.contentLength !== undefined) {
    if (!/^\d{1,15}$/.test(head.contentLength))
      return problems.badRequest("The request's Content-Length is not valid.");
    if (Number(head.contentLength) > limits.maxBodyBytes) return problems.bodyTooLarge;
  }
  if (head.expect !== undefined && req.httpVersionMinor > 0 && head.expect.toLowerCase() !== "100-continue") {
    return problems.expectationFailed;
  }
  return undefined;
}

/** Names and values together. */
const manyFields = 200;

/** With `: ` and the line's end for each field. */
function headBytes(raw: readonly string[]): number {
  let bytes = raw.length * 2;
  for (const text of raw) bytes += text.length;
  return bytes;
}
