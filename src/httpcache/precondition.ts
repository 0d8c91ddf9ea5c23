import { fieldValue, isEntityTag, isWeakTag, matchesWeakly, parseHttpDate } from "../http/index.ts";

/** Of a stored answer, what requests may be measured against. */
export interface Validators {
  readonly status: number;
  /** As the origin wrote it, quotes and all. */
  readonly etag: string | undefined;
  /** Milliseconds since the epoch, as the next two. */
  readonly lastModified: number | undefined;
  readonly date: number | undefined;
  readonly receivedAt: number;
}

/** @param raw the answer's fields: name, value, name, value */
export function readValidators(status: number, raw: readonly string[], receivedAt: number): Validators {
  const date = (name: string): number | undefined => {
    const value = fieldValue(raw, name);
    return value === undefined ? undefined : parseHttpDate(value, receivedAt);
  };
  const etag = fieldValue(raw, "etag");
  return {
    status,
    etag: etag !== undefined && isEntityTag(etag) ? etag : undefined,
    lastModified: date("last-modified"),
    date: date("date"),
    receivedAt,
  };
}

/**
 * Whether the client has this already: then the answer is 304 (RFC 9111 §4.3.2, RFC 9110 §13.2.2). If-Match and If-Unmodified-Since are
 * for origins alone.
 *
 * @param raw the request's fields: name, value, name, value
 */
export function isNotModified(raw: readonly string[], stored: Validators): boolean {
  if (stored.status !== 200) return false;
  const tags = fieldValue(raw, "if-none-match");
  if (tags !== undefined) return matchesWeakly(tags, stored.etag);
  const since = fieldValue(raw, "if-modified-since");
  const at = since === undefined ? undefined : parseHttpDate(since, stored.receivedAt);
  return at !== undefined && (stored.lastModified ?? stored.date ?? stored.receivedAt) <= at;
}

/** Whether a part may be sent of what is stored: If-Range names this very representation, or is not there (RFC 9110 §13.1.5). */
export function mayBePartial(raw: readonly string[], stored: Validators): boolean {
  if (stored.status !== 200) return false;
  const condition = fieldValue(raw, "if-range");
  if (condition === undefined) return true;
  if (isEntityTag(condition)) return !isWeakTag(condition) && condition === stored.etag;
  const { lastModified, date } = stored;
  // Of what changed in the second in which it was sent, the date names two (§8.8.2.2).
  const isStrong = lastModified !== undefined && date !== undefined && date - lastModified >= 1_000;
  return isStrong && parseHttpDate(condition, stored.receivedAt) === lastModified;
}
