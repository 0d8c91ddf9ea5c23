import { fieldValue, parseHttpDate } from "../http/index.ts";
import { type Directives, isUnqualified, namedFieldsOf, parseDirectives, secondsOf } from "./directives.ts";
import { readTargetedField } from "./targeted-field.ts";

/** What an answer says of its being stored and used again by a shared cache (RFC 9111 §5.2.2, RFC 9213, RFC 5861, RFC 8246). */
export interface AnswerPolicy {
  readonly isNoStore: boolean;
  /** Of use to one user alone. */
  readonly isPrivate: boolean;
  readonly isPublic: boolean;
  /** It speaks to shared caches, or of them: whoever wrote it knew that it is for all. */
  readonly isForAll: boolean;
  /** Store it only if what its status asks of caches is known here; then `no-store` is not meant for this cache (§5.2.2.3). */
  readonly mustUnderstand: boolean;
  /** Not to be used without being asked for, fresh or not (`no-cache`). */
  readonly mustAlwaysValidate: boolean;
  /** Not to be used stale, whatever anybody else permits. */
  readonly isNeverStale: boolean;
  /** It permits itself to answer requests with Authorization (§3.5). */
  readonly permitsAuthorization: boolean;
  /** For how long it is fresh, since it was made; `undefined`: it does not say. */
  readonly lifetimeMs: number | undefined;
  readonly staleWhileRevalidateMs: number;
  readonly staleIfErrorMs: number;
  /** While fresh it does not change: nobody need ask. */
  readonly isImmutable: boolean;
  readonly isNoTransform: boolean;
  /** Other caches have said something of it (RFC 9211). */
  readonly hasCacheStatus: boolean;
  /** Fields that `private="…"` and `no-cache="…"` name: they are not kept. In lower case. */
  readonly withheldFields: readonly string[];
}

/** For answers that do not say themselves for how long they may be used when stale. */
export type Leniency = Pick<AnswerPolicy, "staleWhileRevalidateMs" | "staleIfErrorMs">;

const strict: Leniency = { staleWhileRevalidateMs: 0, staleIfErrorMs: 0 };

/**
 * @param raw the answer's fields: name, value, name, value
 * @param receivedAt milliseconds since the epoch; stands for a Date that is missing
 */
export function readAnswerPolicy(raw: readonly string[], receivedAt: number, leniency = strict): AnswerPolicy {
  const targeted = readTargetedField(raw);
  const directives = targeted ?? parseDirectives(fieldValue(raw, "cache-control") ?? "");
  const has = (name: string): boolean => directives.has(name);
  const forMs = (name: string, otherwise: number): number => {
    const seconds = secondsOf(directives, name, 0);
    return seconds === undefined ? otherwise : seconds * 1_000;
  };
  const mustAlwaysValidate = isUnqualified(directives, "no-cache");
  return {
    isNoStore: has("no-store"),
    isPrivate: isUnqualified(directives, "private"),
    isPublic: has("public"),
    isForAll: targeted !== undefined || has("public") || has("s-maxage"),
    mustUnderstand: has("must-understand"),
    mustAlwaysValidate,
    isNeverStale: has("must-revalidate") || has("proxy-revalidate") || mustAlwaysValidate || isBoundByAge(directives),
    permitsAuthorization: has("public") || has("must-revalidate") || has("s-maxage"),
    lifetimeMs: lifetimeMs(directives, targeted === undefined ? raw : [], receivedAt),
    staleWhileRevalidateMs: forMs("stale-while-revalidate", leniency.staleWhileRevalidateMs),
    staleIfErrorMs: forMs("stale-if-error", leniency.staleIfErrorMs),
    isImmutable: has("immutable"),
    isNoTransform: has("no-transform"),
    hasCacheStatus: fieldValue(raw, "cache-status") !== undefined,
    withheldFields: ["no-cache", "private"].flatMap((name) => namedFieldsOf(directives, name)),
  };
}

/**
 * `s-maxage` forbids what is stale (§5.2.2.10), unless the same answer says for how long it may be served so: to say both would mean
 * nothing otherwise.
 */
function isBoundByAge(directives: Directives): boolean {
  return directives.has("s-maxage") && !directives.has("stale-while-revalidate") && !directives.has("stale-if-error");
}

/** §4.2.1. Whatever is there and cannot be read makes the answer stale (§4.2). */
function lifetimeMs(directives: Directives, raw: readonly string[], receivedAt: number): number | undefined {
  const seconds = secondsOf(directives, "s-maxage", 0) ?? secondsOf(directives, "max-age", 0);
  if (seconds !== undefined) return seconds * 1_000;
  const expires = firstLine(raw, "expires");
  if (expires === undefined) return undefined;
  const date = parseHttpDate(firstLine(raw, "date") ?? "", receivedAt) ?? receivedAt;
  return Math.max(0, (parseHttpDate(expires, receivedAt) ?? 0) - date);
}

/** Lines of a field that holds one value are not joined: commas are part of dates. */
function firstLine(raw: readonly string[], name: string): string | undefined {
  for (let i = 0; i < raw.length; i += 2) if (raw[i]!.toLowerCase() === name) return raw[i + 1];
  return undefined;
}
