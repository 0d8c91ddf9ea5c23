import type { CacheableRequest, HttpCache } from "../cache-port.ts";
import type { Destination } from "../destination.ts";

/** A request that a cache is told of, as it may make invalid what is stored. */
export interface ChangingRequest {
  readonly method: string;
  cacheable(service: string, rules: CacheableRequest["rules"], cache: HttpCache): CacheableRequest;
}

const harmless: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS", "TRACE"]);

/** @returns as what the cache is to be told of it once it is answered; `undefined`: it changes nothing, or nothing is cached */
export function changeOf(
  request: ChangingRequest,
  { service, rules }: Destination,
  cache: HttpCache | undefined,
): CacheableRequest | undefined {
  if (rules === false || cache === undefined || harmless.has(request.method)) return undefined;
  return request.cacheable(service.name, rules, cache);
}
