import type { Readable } from "node:stream";
import type { Attempt } from "./attempt.ts";
import type { InboundRequest } from "./inbound-request.ts";

export interface Outbound {
  /** Name, value, name, value. */
  readonly fields: string[];
  readonly body: Buffer | Readable | null;
  /** Protocol to switch to. */
  readonly upgrade: string | undefined;
  /** Of the request, once its body has ended. */
  readonly trailers: () => readonly string[];
}

/** Sends the request to the attempt's upstream: by undici, or, for what undici cannot send, by the complete way. */
export function send(attempt: Attempt, request: InboundRequest, outbound: Outbound): void {
  const { head, method, expectsContinue } = request;
  const { fields, body, upgrade = null, trailers } = outbound;
  const message = { method, path: request.target, headers: fields, body, upgrade };
  const hasTrailers = head.trailer !== undefined && head.transferEncoding !== undefined;
  if (!expectsContinue && !hasTrailers) return attempt.upstream.dispatch(message, attempt);
  const headers = [...fields];
  if (expectsContinue) headers.push("Expect", "100-continue");
  if (hasTrailers) headers.push("Trailer", head.trailer!);
  attempt.upstream.dispatchComplete({ ...message, headers }, trailers, attempt);
}
