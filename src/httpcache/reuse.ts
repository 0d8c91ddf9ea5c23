import type { AnswerPolicy } from "./answer-policy.ts";
import type { RequestDirectives } from "./request-directives.ts";

/**
 * What is to be done with a stored answer that was asked for (RFC 9111 §4, RFC 5861 §3):
 *
 * - `fresh`: it is the answer;
 * - `stale`: it is the answer although its time is over, as the client has said that it may be;
 * - `revalidate-behind`: the same, as its origin has said, which is asked while the client has its answer;
 * - `validate`: its origin is asked first.
 */
export type Reuse = "fresh" | "stale" | "revalidate-behind" | "validate";

export interface StoredTimes {
  /** For how long it is fresh, whoever said so. */
  readonly lifetimeMs: number;
  /** How old it is now (§4.2.3). */
  readonly ageMs: number;
}

export function decideReuse({ lifetimeMs, ageMs }: StoredTimes, policy: AnswerPolicy, asked: RequestDirectives): Reuse {
  if (policy.mustAlwaysValidate || asked.isNoCache) return "validate";
  const staleForMs = ageMs - lifetimeMs;
  if (staleForMs < 0) return ageMs <= asked.maxAgeMs && -staleForMs >= asked.minFreshMs ? "fresh" : "validate";
  if (policy.isNeverStale || asked.minFreshMs > 0 || ageMs > asked.maxAgeMs + asked.maxStaleMs) return "validate";
  if (staleForMs < policy.staleWhileRevalidateMs) return "revalidate-behind";
  return staleForMs <= asked.maxStaleMs && asked.maxStaleMs > 0 ? "stale" : "validate";
}

/** The origin does not answer, or with 500, 502, 503 or 504: whether the stored answer may stand in (RFC 5861 §4). */
export function mayStandIn({ lifetimeMs, ageMs }: StoredTimes, policy: AnswerPolicy): boolean {
  const staleForMs = ageMs - lifetimeMs;
  if (policy.isNeverStale) return false;
  return staleForMs < Math.max(policy.staleIfErrorMs, policy.staleWhileRevalidateMs);
}
