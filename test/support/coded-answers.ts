import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";

/** A client that looks at answers as they come, codings and all. */

export interface CodedAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** As sent, but for the chunked framing. */
  readonly body: Buffer;
  /** Decoded. */
  readonly text: string;
}

/** Opens an answer, on a connection of its own; its body is still to be read. */
export async function open(
  port: number,
  path: string,
  headers: Record<string, string> = {},
  method = "GET",
): Promise<IncomingMessage> {
  const asked = request({ port, host: "127.0.0.1", path, method, headers, agent: false });
  asked.on("error", () => undefined);
  asked.end();
  const [answer] = (await once(asked, "response")) as [IncomingMessage];
  return answer;
}

export async function ask(...order: Parameters<typeof open>): Promise<CodedAnswer> {
  const answer = await open(...order);
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const { headers, statusCode } = answer;
  const text = order[3] === "HEAD" ? "" : decoded(body, headers["content-encoding"]).toString("latin1");
  return { status: statusCode!, headers, body, text };
}

export function decoded(body: Buffer, coding: string | undefined): Buffer {
  switch (coding) {
    case "br":
      return brotliDecompressSync(body);
    case "zstd":
      return zstdDecompressSync(body);
    case "gzip":
      return gunzipSync(body);
    case undefined:
    default:
      return body;
  }
}

/** Text that shrinks to about a tenth, of so many bytes. */
export function prose(length: number): string {
  let text = "";
  for (let i = 0; text.length < length; i++) text += `{"id":${i},"title":"article ${(i * 7_919) % 1_000}"},`;
  return text.slice(0, length);
}

/** Bytes that do not shrink, the same each time. */
export function noise(length: number): Buffer {
  let state = 1;
  return Buffer.from(Array.from({ length }, () => (state = (state * 48_271) % 0x7fffffff) & 0xff));
}
