import type { HashKey, ResolvedBalance } from "../../config/index.ts";
import { findCookie } from "../../http/index.ts";
import { hash32 } from "./hash.ts";

/** What a request may be kept together by. */
export interface KeyedRequest {
  readonly clientAddress: string;
  /** Without the query. */
  readonly path: string;
  header(name: string): string | undefined;
}

const byAddress: HashKey = { source: "ip" };

/**
 * What the selector's key is made of; `undefined`: the selector does not look at it, and 0 will do.
 */
export function hashKeyOf(balance: ResolvedBalance): HashKey | undefined {
  if (balance.algorithm === "consistent-hash") return balance.key;
  return balance.algorithm === "ip-hash" ? byAddress : undefined;
}

/** The selector's key for this request. One without the header or cookie is kept together by its client's address. */
export function requestKey(hashKey: HashKey, request: KeyedRequest): number {
  return hash32(keyText(hashKey, request) ?? request.clientAddress);
}

function keyText(hashKey: HashKey, request: KeyedRequest): string | undefined {
  if (hashKey.source === "header") return request.header(hashKey.name);
  if (hashKey.source === "cookie") return findCookie(request.header("cookie") ?? "", hashKey.name);
  return hashKey.source === "path" ? request.path : undefined;
}
