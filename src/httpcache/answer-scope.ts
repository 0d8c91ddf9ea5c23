import type { CachedRequest } from "./cached-request.ts";
import type { AnswerTerms } from "./answer-terms.ts";
import { isSameForAllCookies } from "./storability.ts";
import type { StoredAnswer } from "./stored-answer.ts";
import { readVary, variantKey } from "./vary.ts";

/** Whether an answer may be given to this client at all. */
export function isFor(
  { policy, vary }: Pick<StoredAnswer, "policy" | "vary">,
  { view, rules }: CachedRequest,
): boolean {
  return !view.hasCookie || isSameForAllCookies(policy, vary, rules);
}

/** Whether it is the one of several that this request is given. */
export function isVariantFor(
  answer: Pick<StoredAnswer, "policy" | "vary" | "variant">,
  request: CachedRequest,
): boolean {
  return variantKey(answer.vary, request.fields) === answer.variant && isFor(answer, request);
}

/** Fields that are for whoever asked, and not stored. */
export function withheldOf({ rules }: CachedRequest, { policy }: AnswerTerms): readonly string[] {
  return rules.stripSetCookie ? [...policy.withheldFields, "set-cookie"] : policy.withheldFields;
}

/** What the answer is told apart by: what it says, and what the config says. */
export function varyOf(fields: readonly string[], { rules }: CachedRequest): readonly string[] {
  const vary = readVary(fields);
  const names = vary === "*" ? rules.key : [...vary, ...rules.key];
  return [...new Set(names)].toSorted();
}
