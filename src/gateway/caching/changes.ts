import type { CacheableRequest, HttpCache } from "../cache-port.ts";
import type { Course } from "../course.ts";
import type { Destination } from "../destination.ts";
import { rawText } from "../../http/index.ts";

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

export interface Invalidator {
  invalidate(change: CacheableRequest, status: number, fields: readonly string[]): Promise<void> | undefined;
}

interface Changing {
  readonly course: Course;
  readonly attempt: { pause(): void; resume(): void } | undefined;
}

/**
 * What a request of the full path has changed goes from the caches before its client knows.
 *
 * @param again goes on with the answer, once it has
 * @returns whether the answer has to wait for that
 */
export function isHeldForChange(
  exchange: Changing,
  host: Invalidator,
  status: number,
  raw: readonly (Buffer | string)[],
  again: () => void,
): boolean {
  const { course, attempt } = exchange;
  const { change } = course;
  course.change = undefined;
  const invalidated = change && host.invalidate(change, status, rawText(raw));
  if (invalidated === undefined) return false;
  attempt!.pause();
  void invalidated.then(() => {
    if (exchange.attempt !== attempt) return;
    again();
    attempt!.resume();
  });
  return true;
}
