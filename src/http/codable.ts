/** Which answers are worth coding. */
export interface CodingRules {
  /** Media types in lower case, without parameters; `text/*` is all of a kind, `*+json` all with this suffix. */
  readonly types: readonly string[];
  readonly minBytes: number;
}

export interface AnswerToCode {
  readonly status: number;
  /** Name, value, name, value. */
  readonly fields: readonly string[];
  /** Of the body; -1: not known, and then taken to be large enough. */
  readonly length: number;
}

/**
 * Whether another form of an answer may be made here, in a content coding (RFC 9110 §8.4). Who codes changes the bytes, so all that vouches
 * for them, or counts them, forbids it: digests, parts of a whole, trailers that may bring a digest later, a coding that is there already, and
 * `no-transform` (RFC 9111 §5.2.2.6), by whichever field caches are told of.
 *
 * Only whole representations are meant: 200 and 203, and the pages of errors that are the client's (4xx). Other answers are to what is not
 * read but done, have no body, or come from an origin that has enough to do with itself.
 */
export function isCodable({ status, fields, length }: AnswerToCode, { types, minBytes }: CodingRules): boolean {
  if (status !== 200 && status !== 203 && !(status >= 400 && status < 500)) return false;
  if (length === 0 || (length !== -1 && length < minBytes)) return false;
  let type: string | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    const value = fields[i + 1]!;
    if (forbidding.has(name)) return false;
    if (name.endsWith("cache-control") && saysNoTransform(value)) return false;
    if (name === "transfer-encoding" && value.trim().toLowerCase() !== "chunked") return false;
    if (name !== "content-type") continue;
    if (type !== undefined) return false;
    type = value.split(";", 1)[0]!.trim().toLowerCase();
  }
  return type !== undefined && types.some((pattern) => fits(type, pattern));
}

const forbidding: ReadonlySet<string> = new Set([
  "content-encoding",
  "content-range",
  "content-md5",
  "digest",
  "content-digest",
  "repr-digest",
  "trailer",
]);

/** A client may ask for it too (RFC 9111 §5.2.1.6). */
export function forbidsCoding(cacheControl: string | undefined): boolean {
  return cacheControl !== undefined && saysNoTransform(cacheControl);
}

/** However malformed the field is: what cannot be read forbids. */
function saysNoTransform(value: string): boolean {
  return value.toLowerCase().includes("no-transform");
}

/** Events must not wait for one another: they are coded only where their type is named in full. */
const events = "text/event-stream";

function fits(type: string, pattern: string): boolean {
  if (type === pattern) return true;
  if (type === events) return false;
  if (pattern.endsWith("/*")) return type.startsWith(pattern.slice(0, -1));
  return pattern.startsWith("*+") && type.endsWith(pattern.slice(1));
}
