import type { InboundRequest } from "./inbound-request.ts";
import { replayBytes, type RequestBody } from "./request-body.ts";

/** After its answer, what follows on the connection cannot be read, or not be believed. */
export function isLastOfConnection(
  request: InboundRequest,
  body: RequestBody | undefined,
  isUpgrade: boolean,
): boolean {
  const { fault, bodyLength, head } = request;
  // A small body is soon read and thrown away; for another, the connection is not worth it.
  if (body?.isComplete === false && (bodyLength < 0 || bodyLength > replayBytes)) return true;
  // What came along with a request whose Upgrade is ignored, Node's parser has thrown away.
  return fault !== undefined || (head.upgrade !== undefined && !isUpgrade);
}
