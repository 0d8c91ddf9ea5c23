const tab = 0x09;
const space = 0x20;
const quote = 0x22;
const semicolon = 0x3b;
const equals = 0x3d;

/**
 * One cookie out of a Cookie header, without taking the others apart. Pairs end at every semicolon, also within quotes, and
 * the space around names and values is not theirs (RFC 6265bis, sections 4.2 and 5.6); the quotes around a value are taken
 * off, as the common parsers do. Of several with one name the first counts: browsers send the most specific path first.
 *
 * @param header several Cookie fields joined by `"; "` (RFC 9113, section 8.2.3)
 * @param name case-sensitive, not empty
 */
export function findCookie(header: string, name: string): string | undefined {
  for (let at = header.indexOf(name); at !== -1; at = header.indexOf(name, at + 1)) {
    const before = skipSpaceBack(header, at);
    if (before !== 0 && header.charCodeAt(before - 1) !== semicolon) continue;
    const after = skipSpace(header, at + name.length);
    if (header.charCodeAt(after) !== equals) continue;
    return valueFrom(header, after + 1);
  }
  return undefined;
}

function valueFrom(header: string, from: number): string {
  const semicolonAt = header.indexOf(";", from);
  let start = skipSpace(header, from);
  let end = skipSpaceBack(header, semicolonAt === -1 ? header.length : semicolonAt);
  if (end - start >= 2 && header.charCodeAt(start) === quote && header.charCodeAt(end - 1) === quote) {
    start++;
    end--;
  }
  return end > start ? header.slice(start, end) : "";
}

function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** The end of what stands before `to`, space left out. */
function skipSpaceBack(text: string, to: number): number {
  let at = to;
  while (at > 0 && isSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

function isSpace(code: number): boolean {
  return code === space || code === tab;
}
