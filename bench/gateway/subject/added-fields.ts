import { randomBytes } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";

/**
 * What Tenfold adds to requests and answers, for proxies in Node that have no option for it. Made as a team would make it who cares
 * for speed: one object, and ids from a counter behind random bits.
 */
export interface AddedFields {
  readonly toUpstream: Record<string, string>;
  readonly toClient: Record<string, string>;
}

const prefix = randomBytes(8).toString("hex");
let served = 0;

export function addedFields(headers: IncomingHttpHeaders, client: string, name: string): AddedFields {
  const host = headers.host ?? "";
  const via = `1.1 ${name}`;
  const requestId = `${prefix}${(served++).toString(16)}`;
  return {
    toUpstream: {
      "x-forwarded-for": client,
      "x-forwarded-proto": "http",
      "x-forwarded-host": host,
      forwarded: `for=${client};host=${host};proto=http`,
      via,
      "x-request-id": requestId,
    },
    toClient: { via, "x-request-id": requestId },
  };
}
