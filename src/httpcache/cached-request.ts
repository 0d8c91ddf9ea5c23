import type { ResolvedCache } from "../config/index.ts";
import { type ContentCoding, contentCodings, createCodingWish, fieldValue, forbidsCoding } from "../http/index.ts";
import { noDirectives, readRequestDirectives, type RequestDirectives } from "./request-directives.ts";

/** What a request's fields ask of a cache. The same fields ask the same, so whoever reads them again may keep it. */
export interface RequestView {
  readonly directives: RequestDirectives;
  readonly hasAuthorization: boolean;
  readonly hasCookie: boolean;
  /** If-None-Match or If-Modified-Since. */
  readonly isConditional: boolean;
  /** If-Match or If-Unmodified-Since: for origins alone. */
  readonly isForOrigin: boolean;
  readonly range: string | undefined;
  /** Forms that are wanted rather than the plain one, the most wanted first. */
  readonly codings: readonly ContentCoding[];
  /** None of the other: what is stored and fresh is the answer, in one form or another. */
  readonly isPlain: boolean;
}

export interface CachedRequest {
  readonly method: string;
  readonly view: RequestView;
  /** Name, value, name, value. */
  readonly fields: readonly string[];
  /** The service that would be asked. */
  readonly service: string;
  /** `"http://a.example"`. */
  readonly origin: string;
  /** Path and query. */
  readonly target: string;
  readonly rules: ResolvedCache;
  /** It is for another such cache, which is to have the answer as the origin has sent it. */
  readonly isFellow: boolean;
}

const wish = createCodingWish(contentCodings);

const none: RequestView = {
  directives: noDirectives,
  hasAuthorization: false,
  hasCookie: false,
  isConditional: false,
  isForOrigin: false,
  range: undefined,
  codings: [],
  isPlain: true,
};

/** @param fields name, value, name, value */
export function readRequestView(fields: readonly string[]): RequestView {
  const has = (name: string): boolean => fieldValue(fields, name) !== undefined;
  const directives = readRequestDirectives(fields);
  const range = fieldValue(fields, "range");
  const view = {
    directives,
    hasAuthorization: has("authorization"),
    hasCookie: has("cookie"),
    isConditional: has("if-none-match") || has("if-modified-since"),
    isForOrigin: has("if-match") || has("if-unmodified-since"),
    range,
    // A part is one of the plain form, and so is what it may be put together with.
    codings:
      range !== undefined || forbidsCoding(fieldValue(fields, "cache-control"))
        ? none.codings
        : wish(fieldValue(fields, "accept-encoding")),
  };
  const { hasAuthorization, hasCookie, isConditional, isForOrigin, codings } = view;
  const isPlain =
    directives === noDirectives &&
    !(hasAuthorization || hasCookie || isConditional || isForOrigin) &&
    range === undefined;
  return isPlain && codings.length === 0 ? none : { ...view, isPlain };
}

/**
 * What answers are stored under. Services are kept apart: which of them a URL leads to may depend on more than the URL, as of a canary and
 * the service that it is to follow.
 */
export function cacheKey(service: string, url: string): string {
  return `${service} ${url}`;
}
