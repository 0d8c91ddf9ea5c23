import type { ContentCoding } from "./content-coding.ts";
import { isEntityTag, isWeakTag, matchesStrongly, matchesWeakly } from "./entity-tag.ts";

/** What the fields of an answer become where it has forms in several codings. All fields are name, value, name, value. */

/** Of the coded form. Its bytes are others, of another number, and not the same from one encoder to the next: its tag is weak (RFC 9110 §8.8.1). */
export function codedFields(fields: readonly string[], coding: ContentCoding): string[] {
  const coded: string[] = [];
  for (let i = 0; i < fields.length; i += 2) {
    const name = fields[i]!.toLowerCase();
    const value = fields[i + 1]!;
    if (name === "content-length" || name === "accept-ranges") continue;
    coded.push(fields[i]!, name === "etag" ? weakened(value) : value);
  }
  coded.push("Content-Encoding", coding);
  return varyingFields(coded);
}

/** Of any form: which one it is depends on Accept-Encoding. */
export function varyingFields(fields: readonly string[]): string[] {
  return withVary(fields, (names = []) => [...names, "Accept-Encoding"]);
}

/** Of a 304, or a part: where it does not say what it depends on, caches go by what they were told before. */
export function varyingUpdate(fields: readonly string[]): string[] {
  return withVary(fields, (names) => names && [...names, "Accept-Encoding"]);
}

/** Takes back `varyingFields`. */
export function unvaryingFields(fields: readonly string[]): string[] {
  return withVary(fields, (names) => names);
}

/**
 * The tag of a 304, as the client has it: who was given a coded form has a weak one, and a strong one would be of no form that he has stored
 * (RFC 9111 §4.3.4).
 */
export function tagAsKnown(etag: string, ifNoneMatch: string | undefined): string {
  if (ifNoneMatch === undefined || matchesStrongly(ifNoneMatch, etag)) return etag;
  return matchesWeakly(ifNoneMatch, etag) ? weakened(etag) : etag;
}

function weakened(etag: string): string {
  return isEntityTag(etag) && !isWeakTag(etag) ? `W/${etag}` : etag;
}

/**
 * All that Vary names becomes one field, in the place of the first.
 *
 * @param change is given the names but for Accept-Encoding; `undefined`: there is no such field. Where `*` is among them nothing is changed
 */
function withVary(fields: readonly string[], change: (names?: string[]) => string[] | undefined): string[] {
  const others: string[] = [];
  let names: string[] | undefined;
  let at: number | undefined;
  for (let i = 0; i < fields.length; i += 2) {
    if (fields[i]!.toLowerCase() !== "vary") {
      others.push(fields[i]!, fields[i + 1]!);
      continue;
    }
    at ??= others.length;
    names = [...(names ?? []), ...fields[i + 1]!.split(",").map((name) => name.trim())];
  }
  if (names?.includes("*") === true) return [...fields];
  const changed = change(names?.filter((name) => name !== "" && !isAcceptEncoding(name))) ?? [];
  if (changed.length > 0) others.splice(at ?? others.length, 0, "Vary", changed.join(", "));
  return others;
}

function isAcceptEncoding(name: string): boolean {
  return name.toLowerCase() === "accept-encoding";
}
