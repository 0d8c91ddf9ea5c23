import type { Attempt } from "./attempt.ts";
import type { InboundRequest } from "./inbound-request.ts";
import type { RequestBody } from "./request-body.ts";

export interface Outbound {
  /** Name, value, name, value. */
  readonly fields: string[];
  /** The whole body, if it was gathered. */
  readonly payload: Buffer | undefined;
  readonly body: RequestBody | undefined;
  /** Protocol to switch to. */
  readonly upgrade: string | undefined;
}

/**
 * Sends the request to the attempt's upstream: by undici, or, for what undici cannot send, by the complete way. undici keeps a
 * head back until the first byte of its body comes, but a client may wait for an answer to the head before it sends one.
 */
export function send(attempt: Attempt, request: InboundRequest, outbound: Outbound): void {
  const { head, method, expectsContinue } = request;
  const { fields, payload, body, upgrade = null } = outbound;
  const message = { method, path: request.target, headers: fields, body: payload ?? body?.open() ?? null, upgrade };
  const hasTrailers = head.trailer !== undefined && head.transferEncoding !== undefined;
  if (!expectsContinue && !hasTrailers && body?.hasBegun !== false) return attempt.upstream.dispatch(message, attempt);
  const headers = [...fields];
  if (expectsContinue) headers.push("Expect", "100-continue");
  if (hasTrailers) headers.push("Trailer", head.trailer!);
  attempt.upstream.dispatchComplete({ ...message, headers }, () => body?.trailers ?? [], attempt);
}
