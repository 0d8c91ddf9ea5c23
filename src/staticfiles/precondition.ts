import {
  type ByteRange,
  fieldValue,
  isEntityTag,
  matchesStrongly,
  matchesWeakly,
  parseHttpDate,
  readByteRanges,
} from "../http/index.ts";
import type { FileValidators } from "./file-tags.ts";

/**
 * What a request's conditions allow, in the order of RFC 9110 §13.2.2, at the origin. A date that cannot be read is no condition.
 *
 * @param raw the request's fields: name, value, name, value
 */
export function judgeConditions(
  raw: readonly string[],
  { etag, lastModified }: FileValidators,
): "proceed" | "not-modified" | "failed" {
  const match = fieldValue(raw, "if-match");
  if (match !== undefined) {
    if (!matchesStrongly(match, etag)) return "failed";
  } else if (lastModified !== undefined) {
    const unmodifiedSince = readDate(raw, "if-unmodified-since");
    if (unmodifiedSince !== undefined && lastModified > unmodifiedSince) return "failed";
  }
  const noneMatch = fieldValue(raw, "if-none-match");
  if (noneMatch !== undefined) return matchesWeakly(noneMatch, etag) ? "not-modified" : "proceed";
  const modifiedSince = readDate(raw, "if-modified-since");
  const isOld = modifiedSince !== undefined && lastModified !== undefined && lastModified <= modifiedSince;
  return isOld ? "not-modified" : "proceed";
}

/**
 * The parts that are asked for; `undefined`: all of it; none: nothing that was asked for is there (416).
 *
 * If-Range must name this very representation (§13.1.5). A date names all its codings, whose bytes have nothing to do with each other: it counts
 * only for what has none.
 */
export function judgeRange(
  raw: readonly string[],
  representation: FileValidators & { readonly length: number; readonly isCoded: boolean },
): readonly ByteRange[] | undefined {
  const range = fieldValue(raw, "range");
  if (range === undefined) return undefined;
  const condition = fieldValue(raw, "if-range");
  if (condition !== undefined && !isSame(condition, representation)) return undefined;
  return readByteRanges(range, representation.length);
}

function isSame(condition: string, of: FileValidators & { readonly isCoded: boolean }): boolean {
  // Weak tags never equal ours. A Last-Modified is only given out when a second has passed since: it is strong (§8.8.2.2).
  if (isEntityTag(condition)) return condition === of.etag;
  return !of.isCoded && of.lastModified !== undefined && parseHttpDate(condition) === of.lastModified;
}

function readDate(raw: readonly string[], name: string): number | undefined {
  const value = fieldValue(raw, name);
  return value === undefined ? undefined : parseHttpDate(value);
}
