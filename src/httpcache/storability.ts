import { fieldValue } from "../http/index.ts";
import type { AnswerPolicy } from "./answer-policy.ts";
import { readVary } from "./vary.ts";

/** Why an answer is not stored; `tenfold advise` reads these. */
export type Refusal =
  | "method"
  | "request-no-store"
  | "status"
  | "no-store"
  | "private"
  | "authorization"
  /** The request has cookies, and nothing says that they do not matter. */
  | "cookie"
  | "set-cookie"
  | "vary"
  | "unknown-status"
  /** It does not say for how long, and nothing in the config says it in its place. */
  | "no-freshness"
  /** It is never fresh, and has nothing to be validated by. */
  | "no-validator";

export interface StorableRequest {
  readonly method: string;
  readonly hasAuthorization: boolean;
  readonly hasCookie: boolean;
  readonly isNoStore: boolean;
}

export interface StoringRules {
  readonly ignoresCookies: boolean;
  /** What else than the URL tells answers apart: names of request fields, `cookie:<name>`. */
  readonly key: readonly string[];
  /** An answer with Set-Cookie is stored, without it. Else it is not stored. */
  readonly stripSetCookie: boolean;
  /** For answers that say nothing of how long they are fresh; `undefined`: they are not stored. */
  readonly ttlMs?: number;
  /** A tenth of the time since Last-Modified, at most so long (§4.2.2); `undefined`: no guesses. */
  readonly heuristicMaxMs?: number;
}

/** What may be taken to be fresh although it does not say so (RFC 9110 §15.1), but for what says that the request was wrong. */
const heuristicallyCacheable: ReadonlySet<number> = new Set([200, 203, 204, 300, 301, 308, 404, 410]);

/** Statuses whose rules for caches are known here: those of RFC 9110, and what is neither 206 nor 304 has none. */
const understood: ReadonlySet<number> = new Set([
  200, 201, 202, 203, 204, 205, 300, 301, 302, 303, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410,
  411, 412, 413, 414, 415, 416, 417, 421, 422, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505, 511,
]);

/** A validator, by which an origin can be asked whether an answer is still good (RFC 9110 §8.8). */
function hasValidator(raw: readonly string[]): boolean {
  return fieldValue(raw, "etag") !== undefined || fieldValue(raw, "last-modified") !== undefined;
}

/** Without a lifetime of its own, this answer may be given one. */
export function mayBeGivenLifetime(status: number, policy: AnswerPolicy): boolean {
  return heuristicallyCacheable.has(status) || policy.isPublic;
}

/**
 * Whether a shared cache may store an answer (RFC 9111 §3), and whether it is of use there.
 *
 * @param raw the answer's fields: name, value, name, value
 * @returns why not; `undefined`: it may
 */
export function refuseToStore(
  request: StorableRequest,
  { status, raw, policy }: { readonly status: number; readonly raw: readonly string[]; readonly policy: AnswerPolicy },
  rules: StoringRules,
): Refusal | undefined {
  if (request.method !== "GET") return "method";
  if (request.isNoStore) return "request-no-store";
  // A part is not stored, and 304 is no answer of its own (§3.3, §4.3.4).
  if (status < 200 || status === 206 || status === 304) return "status";
  if (policy.mustUnderstand && !understood.has(status)) return "unknown-status";
  if (policy.isNoStore && !policy.mustUnderstand) return "no-store";
  if (policy.isPrivate) return "private";
  if (request.hasAuthorization && !policy.permitsAuthorization && !rules.key.includes("authorization"))
    return "authorization";
  if (fieldValue(raw, "set-cookie") !== undefined && !rules.stripSetCookie && !isWithheld(policy, "set-cookie"))
    return "set-cookie";
  const vary = readVary(raw);
  if (vary === "*") return "vary";
  if (request.hasCookie && !isSameForAllCookies(policy, [...vary, ...rules.key], rules)) return "cookie";
  if (policy.lifetimeMs === undefined) {
    if (policy.mustAlwaysValidate) return hasValidator(raw) ? undefined : "no-validator";
    const canBeGiven = rules.ttlMs !== undefined || rules.heuristicMaxMs !== undefined;
    return canBeGiven && mayBeGivenLifetime(status, policy) ? undefined : "no-freshness";
  }
  const isOfUse =
    (policy.lifetimeMs > 0 && !policy.mustAlwaysValidate) ||
    policy.staleWhileRevalidateMs > 0 ||
    policy.staleIfErrorMs > 0 ||
    hasValidator(raw);
  return isOfUse ? undefined : "no-validator";
}

/**
 * Cookies are how sites know their users, and hardly any says so in Vary. So what was answered to a request with cookies is for that
 * client alone, and what was answered to one without is not for those that have some, unless somebody says that it is.
 *
 * @param vary what the answer is told apart by
 */
export function isSameForAllCookies(
  policy: AnswerPolicy,
  vary: readonly string[],
  { ignoresCookies }: Pick<StoringRules, "ignoresCookies">,
): boolean {
  return policy.isForAll || ignoresCookies || vary.some((name) => name === "cookie" || name.startsWith("cookie:"));
}

function isWithheld(policy: AnswerPolicy, name: string): boolean {
  return policy.withheldFields.includes(name);
}
