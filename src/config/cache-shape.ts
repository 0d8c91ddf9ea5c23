import { z } from "zod";
import { bytes, choice, duration, either, explained, type Fault, list, section, size } from "./fields.ts";
import { isToken } from "./token.ts";

/** The shape of what is said about caching and compression. */

/** No timer waits for the end of an answer's freshness. A year is the longest that is of use (RFC 9111 has no limit, RFC 2616 had this one). */
const lifetime = (leastMs: number) => duration(leastMs, "366d");

const keyForm = 'a header or a cookie, such as "header:x-tenant" or "cookie:session"';
const keyPart = explained(z.string({ error: keyForm }), (value): Fault | undefined => {
  const [kind = "", ...name] = value.split(":");
  if ((kind === "header" || kind === "cookie") && isToken(name.join(":"))) return undefined;
  return { expected: keyForm, ...(isToken(value) ? { hint: `write "header:${value}" or "cookie:${value}"` } : {}) };
});

const cacheForm = 'a duration such as "5s", { ttl, staleWhileRevalidate, … }, or false';

/** Of a service, or a route. */
export const cache = either(cacheForm, [
  z.literal(false),
  lifetime(0),
  section({
    ttl: lifetime(0).optional(),
    staleWhileRevalidate: lifetime(0).optional(),
    staleIfError: lifetime(0).optional(),
    heuristic: either('a duration such as "1h", or false', [z.literal(false), lifetime(1_000)]).optional(),
    setCookie: choice(["strip", "pass"]).optional(),
    cookies: choice(["ignore", "respect"]).optional(),
    key: list('a list such as ["header:x-tenant"]', keyPart).optional(),
  }),
]);

const leastBytes = 1024 * 1024;
const budgetForm = 'a size of at least "1MiB" such as "64MiB", or false';

export const gatewayCache = either(budgetForm, [
  z.literal(false),
  size(budgetForm, (bytes) => bytes === 0 || (bytes >= leastBytes && Number.isSafeInteger(bytes))),
]);

const mediaTypeForm = 'a media type such as "application/json", "text/*" or "*+json"';
const mediaType = explained(z.string({ error: mediaTypeForm }), (value): Fault | undefined => {
  const [, type = "", subtype = ""] = /^([^/]*)\/(.*)$/.exec(value) ?? [];
  const isWhole = isToken(type) && type !== "*" && isToken(subtype);
  const isSuffix = value.startsWith("*+") && isToken(value.slice(2));
  if ((isWhole && (subtype === "*" || !value.includes("*"))) || isSuffix) return undefined;
  const alone = value.split(";")[0]!.trim();
  return {
    expected: mediaTypeForm,
    ...(alone === value ? {} : { hint: `write "${alone}": parameters do not matter` }),
  };
});

export const compression = either('"shared", "everything", { of, types, minSize }, or false', [
  z.literal(false),
  choice(["shared", "everything"]),
  section({
    of: choice(["shared", "everything"]).optional(),
    types: list('a list of media types such as ["text/*", "application/json"]', mediaType).optional(),
    minSize: bytes(0).optional(),
  }),
]);
