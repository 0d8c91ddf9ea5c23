import { randomBytes } from "node:crypto";
import type { ByteRange } from "../http/index.ts";

/** Bytes to write, or a range of the file. */
export type BodyPart = string | ByteRange;

export interface MultipartBody {
  readonly contentType: string;
  readonly contentLength: number;
  readonly parts: readonly BodyPart[];
}

/** Several ranges as one body (RFC 9110 §14.6). @param type of what they are ranges of, @param length of all of it */
export function multipartBody(
  ranges: readonly ByteRange[],
  { type, length }: { readonly type: string; readonly length: number },
  boundary: string = randomBytes(12).toString("hex"),
): MultipartBody {
  const parts = ranges.flatMap((range, index): BodyPart[] => {
    const begin = `${index === 0 ? "" : "\r\n"}--${boundary}\r\n`;
    return [`${begin}Content-Type: ${type}\r\nContent-Range: ${contentRange(range, length)}\r\n\r\n`, range];
  });
  parts.push(`\r\n--${boundary}--\r\n`);
  const contentLength = parts.reduce((sum, part) => sum + lengthOf(part), 0);
  return { contentType: `multipart/byteranges; boundary=${boundary}`, contentLength, parts };
}

export function contentRange({ first, last }: ByteRange, length: number): string {
  return `bytes ${first}-${last}/${length}`;
}

export function lengthOf(part: BodyPart): number {
  return typeof part === "string" ? Buffer.byteLength(part, "latin1") : part.last + 1 - part.first;
}
