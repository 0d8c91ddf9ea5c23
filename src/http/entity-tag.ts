/** Entity tags (RFC 9110 §8.8.3), as they are written: quotes, and `W/` before weak ones. */

const entityTag = /^(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"$/;
const entityTags = /(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"/g;

export function isEntityTag(text: string): boolean {
  return entityTag.test(text);
}

export function isWeakTag(tag: string): boolean {
  return tag.startsWith("W/");
}

/** Whether a list, or `*`, names it when weak tags count as well (§8.8.3.2): for If-None-Match. */
export function matchesWeakly(tags: string, etag: string | undefined): boolean {
  if (tags.trim() === "*") return true;
  if (etag === undefined) return false;
  if (tags === etag) return true;
  const own = opaque(etag);
  return readTags(tags).some((tag) => opaque(tag) === own);
}

/** Whether a list, or `*`, names exactly it: for If-Match. */
export function matchesStrongly(tags: string, etag: string | undefined): boolean {
  if (tags.trim() === "*") return true;
  return etag !== undefined && !isWeakTag(etag) && readTags(tags).includes(etag);
}

/** Tags may hold commas, so a list is not split at them. */
function readTags(list: string): readonly string[] {
  return list.match(entityTags) ?? [];
}

function opaque(tag: string): string {
  return isWeakTag(tag) ? tag.slice(2) : tag;
}
