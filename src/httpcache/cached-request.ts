import type { ResolvedCache } from "../config/index.ts";
import { fieldValue } from "../http/index.ts";
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
  /** None of these: what is stored and fresh is the answer. */
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
}

const none: RequestView = {
  directives: noDirectives,
  hasAuthorization: false,
  hasCookie: false,
  isConditional: false,
  isForOrigin: false,
  range: undefined,
  isPlain: true,
};

/** @param fields name, value, name, value */
export function readRequestView(fields: readonly string[]): RequestView {
  const has = (name: string): boolean => fieldValue(fields, name) !== undefined;
  const directives = readRequestDirectives(fields);
  const view = {
    directives,
    hasAuthorization: has("authorization"),
    hasCookie: has("cookie"),
    isConditional: has("if-none-match") || has("if-modified-since"),
    isForOrigin: has("if-match") || has("if-unmodified-since"),
    range: fieldValue(fields, "range"),
  };
  const { hasAuthorization, hasCookie, isConditional, isForOrigin, range } = view;
  const isPlain =
    directives === noDirectives &&
    !(hasAuthorization || hasCookie || isConditional || isForOrigin) &&
    range === undefined;
  return isPlain ? none : { ...view, isPlain };
}

/**
 * What answers are stored under. Services are kept apart: which of them a URL leads to may depend on more than the URL, as of a canary and
 * the service that it is to follow.
 */
export function cacheKey(service: string, url: string): string {
  return `${service} ${url}`;
}
