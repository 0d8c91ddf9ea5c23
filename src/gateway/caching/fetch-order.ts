import { requestField } from "../../http/index.ts";
import type { KeyedRequest } from "../balancing/request-key.ts";

/** What is needed to ask for an answer that is no one client's: it outlives the request that it was made of. */
export interface FetchOrder extends KeyedRequest {
  readonly method: "GET";
  /** Request line and fields, without conditions, and without the empty line. */
  readonly head: string;
}

/** What of a request is kept for that. */
export interface OrderSource {
  readonly clientAddress: string;
  readonly path: string;
  readonly fields: readonly string[];
  /** Request line and fields, without the empty line, as for an upstream. */
  fetchHead(): string;
}

export function orderOf(request: OrderSource): FetchOrder {
  const { clientAddress, path, fields } = request;
  const header = (name: string): string | undefined => requestField(fields, name);
  return { method: "GET", clientAddress, path, header, head: request.fetchHead().replace(conditions, "") };
}

/** A cache asks for the whole, and with conditions of its own (RFC 9111 §4.3.1). */
const conditions = /^(?:If-(?:None-Match|Modified-Since|Match|Unmodified-Since|Range)|Range):.*\r\n/gim;
