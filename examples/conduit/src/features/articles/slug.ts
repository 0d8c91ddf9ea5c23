/**
 * A slug is the title in a form that URLs carry well. When another article has it, a random ending sets them apart.
 * Which of two is first is decided by the unique constraint alone: looking first would be a race.
 */
import { randomInt } from "node:crypto";
import { isUniqueViolation } from "../../database/failures.ts";

/** What comes after a hundred characters, none of them cut in half. */
const tooLong = /^(.{100}).*$/u;
/** `/articles/feed` is a route of its own. */
const reserved = new Set(["feed"]);

/** `"Où est l'été ?"` becomes `"ou-est-l-ete"`; letters of every script stay. */
export function toSlug(title: string): string {
  const slug = title
    .normalize("NFKD")
    .replace(/\p{Mark}+/gu, "")
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]+/gu, "-")
    .normalize("NFC");
  return slug.replace(/^-/, "").replace(tooLong, "$1").replace(/-$/, "") || "untitled";
}

/**
 * Calls with one slug after another until one is free.
 *
 * @param attempt Writes a row with the slug, alone or in a transaction of its own.
 */
export async function withFreeSlug<T>(title: string, attempt: (slug: string) => Promise<T>): Promise<T> {
  const slug = toSlug(title);
  const candidates = [...(reserved.has(slug) ? [] : [slug]), ...Array.from({ length: 5 }, () => `${slug}-${ending()}`)];
  const last = candidates.pop()!;
  for (const candidate of candidates) {
    try {
      return await attempt(candidate);
    } catch (error) {
      if (!isUniqueViolation(error, "articles_slug_key")) throw error;
    }
  }
  return attempt(last);
}

/** Six characters: among a thousand articles of one title, a new one meets an old one twice in a million. */
function ending(): string {
  return randomInt(36 ** 6)
    .toString(36)
    .padStart(6, "0");
}
