import type { Quota } from "../config/index.ts";
import type { QuotaState } from "./store.ts";

/**
 * What answers say of limits: `RateLimit-Policy` and `RateLimit`, structured fields, as draft-ietf-httpapi-ratelimit-headers-10 has them.
 *
 *     RateLimit-Policy: "anonymous";q=100;w=60
 *     RateLimit: "anonymous";r=50;t=30
 */
export interface Policy {
  /** The limit's name as a string of structured fields. */
  readonly name: string;
  readonly text: string;
  readonly windowSeconds: number;
}

/** Made once for each quota. */
export function policyOf(name: string, { count, windowMs }: Quota): Policy {
  const text = structuredString(name);
  const windowSeconds = Math.max(1, Math.ceil(windowMs / 1_000));
  return { name: text, text: `${text};q=${count};w=${windowSeconds}`, windowSeconds };
}

/** @returns name, value, name, value; of those whose state is known */
export function rateLimitFields(
  policies: readonly { readonly policy: Policy }[],
  states: readonly (QuotaState | undefined)[],
): string[] {
  let [terms, standing] = ["", ""];
  for (let i = 0; i < policies.length; i++) {
    const { policy } = policies[i]!;
    const state = states[i];
    const separator = terms === "" ? "" : ", ";
    terms += separator + policy.text;
    if (state === undefined) continue;
    standing += `${standing === "" ? "" : ", "}${policy.name};r=${state.remaining};t=${secondsUntil(state, policy)}`;
  }
  return standing === "" ? ["RateLimit-Policy", terms] : ["RateLimit-Policy", terms, "RateLimit", standing];
}

/** Whole seconds, at least 1. */
export function retryAfterSeconds(state: QuotaState | undefined, policy: Policy): number {
  // Who asks for more than there ever is at once should not ask again soon.
  const ms = state === undefined ? 1_000 : state.retryAfterMs;
  return ms === Infinity ? policy.windowSeconds : Math.max(1, wholeSeconds(ms));
}

/** As Retry-After says it, where there is one; else until all is there again. */
function secondsUntil(state: QuotaState, policy: Policy): number {
  return state.retryAfterMs > 0 ? retryAfterSeconds(state, policy) : wholeSeconds(state.resetMs);
}

/** Rounded up, but not for what a store's clock has lost or won behind the point. */
function wholeSeconds(ms: number): number {
  return Math.max(0, Math.ceil(ms / 1_000 - 1e-6));
}

/** RFC 9651, section 3.3.3: printable ASCII; what is not becomes its percent-encoding. */
export function structuredString(text: string): string {
  const ascii = /^[ -~]*$/.test(text) ? text : encodeURIComponent(text.toWellFormed());
  return `"${ascii.replace(/["\\]/g, "\\$&")}"`;
}
