import type { ResolvedCache } from "../../../../src/config/index.ts";
import type { Field } from "../../../support/wire/message.ts";

/**
 * What an origin says of an answer, as the parts that its fields are made of. What follows from it is decided here from the parts; the cache reads the fields.
 */
export interface SaidOfAnswer {
  /** Of Cache-Control. */
  readonly directives: readonly string[];
  /** Of CDN-Cache-Control, which then counts in its place. */
  readonly targeted: readonly string[] | undefined;
  readonly vary: readonly string[];
  readonly setsCookie: boolean;
  readonly status: number;
}

/** Who asked, in fields. */
export interface Asking {
  readonly cookie: string | undefined;
  readonly authorization: string | undefined;
  readonly tenant: string | undefined;
  readonly method: string;
  readonly wantsNothingStored: boolean;
}

export function askingFields({ cookie, authorization, tenant, wantsNothingStored }: Asking): Field[] {
  return [
    ...(cookie === undefined ? [] : [["Cookie", `user=${cookie}`] as const]),
    ...(authorization === undefined ? [] : [["Authorization", `Bearer ${authorization}`] as const]),
    ...(tenant === undefined ? [] : [["X-Tenant", tenant] as const]),
    ...(wantsNothingStored ? [["Cache-Control", "no-store"] as const] : []),
  ];
}

export function saidFields({ directives, targeted, vary, setsCookie }: SaidOfAnswer, of: string): Field[] {
  return [
    ...(directives.length === 0 ? [] : [["Cache-Control", directives.join(", ")] as const]),
    ...(targeted === undefined ? [] : [["CDN-Cache-Control", targeted.join(", ")] as const]),
    ...vary.map((name) => ["Vary", name] as const),
    ...(setsCookie ? [["Set-Cookie", `user=${of}`] as const] : []),
  ];
}

/** Whether the field X-Secret of an answer is for nobody but who asked, though the rest may be for others. */
export function isSecretWithheld({ directives, targeted }: SaidOfAnswer): boolean {
  return (targeted ?? directives).some((each) => each.toLowerCase().endsWith('="x-secret"'));
}

/**
 * Whether what was said to one may be said to another (RFC 9111 §3, §3.5, §4, and, of cookies, this cache's own word).
 *
 * @param toldTo who asked for it when it was fetched
 */
export function mayBeShared(
  said: SaidOfAnswer,
  { toldTo, other }: { readonly toldTo: Asking; readonly other: Asking },
  rules: Pick<ResolvedCache, "key" | "ignoresCookies">,
): boolean {
  const directives = said.targeted ?? said.directives;
  const says = (...names: string[]): boolean =>
    directives.some((each) => names.includes(each) || (!each.includes('"') && names.includes(each.split("=", 1)[0]!)));
  const distinguished = new Set([...said.vary.map((name) => name.toLowerCase()), ...rules.key]);
  if (toldTo.method !== "GET" || toldTo.wantsNothingStored) return false;
  if (says("no-store", "private") || said.setsCookie || distinguished.has("*")) return false;
  if (distinguished.has("cookie") && toldTo.cookie !== other.cookie) return false;
  if (distinguished.has("cookie:user") && toldTo.cookie !== other.cookie) return false;
  if (distinguished.has("authorization") && toldTo.authorization !== other.authorization) return false;
  if (distinguished.has("x-tenant") && toldTo.tenant !== other.tenant) return false;
  const isAllowedByKey = rules.key.includes("authorization");
  if (toldTo.authorization !== undefined && !isAllowedByKey && !says("public", "must-revalidate", "s-maxage"))
    return false;
  const isForAllCookies =
    rules.ignoresCookies ||
    said.targeted !== undefined ||
    says("public", "s-maxage") ||
    distinguished.has("cookie") ||
    distinguished.has("cookie:user");
  return isForAllCookies || (toldTo.cookie === undefined && other.cookie === undefined);
}
