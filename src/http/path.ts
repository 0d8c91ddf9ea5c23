/**
 * The path that routes are matched against. A request is forwarded with the path it came with, so the danger is that the
 * gateway and the upstream read it differently, and a client reaches behind one route what only another should open. So
 * spellings that mean the same are made the same, and what servers are known to disagree on is refused.
 *
 * The same:
 * - an encoded visible character and the character itself: `/%61pi` is `/api` (RFC 3986, section 6.2.2.2, and beyond it, as
 *   routers decode reserved characters too); the hex digits of what stays encoded are upper case (6.2.2.1);
 * - a byte that may not stand in a path and its encoding: raw UTF-8 is its percent-encoding;
 * - several slashes and one: `//api` is `/api`.
 *
 * Left encoded, as data within a segment: `%2F`, `%5C`, `%25`, `%3F`, `%23`, controls and what is not ASCII. `/@scope%2Fname`
 * is one segment below the root; `%252e` is not decoded twice.
 *
 * Refused, since no browser and no URL parser sends it:
 * - dot segments, also encoded, also next to an encoded slash or backslash, or with parameters: `/a/../b`, `/a/%2e%2e/b`,
 *   `/a/..%2fb`, `/a/..;/b`. Clients resolve them before they send (RFC 3986, section 5.2.4); servers that do it again, or do
 *   not, are what traversal attacks are made of;
 * - a raw backslash, which some take for a slash; a raw `#`, which some end the path at;
 * - an incomplete percent-encoding; an encoded or raw NUL and other raw controls;
 * - whatever does not begin with a slash.
 *
 * @param path as sent, without the query; latin1
 * @returns `undefined`: the request is to be refused with 400
 */
export function normalizePath(path: string): string | undefined {
  if (path.charCodeAt(0) !== 0x2f) return undefined;
  if (!needsWork.test(path)) return path;
  if (isMalformed.test(path)) return undefined;
  const spelled = path.replace(encodedOrForbidden, canonicalSpelling);
  if (hasDotSegment.test(spelled)) return undefined;
  return spelled.replace(/\/{2,}/g, "/");
}

/** A path as people write it, in the spelling that requests are compared in. What would be refused matches nothing. */
export function canonicalPath(path: string): string {
  return path === "" ? "" : (normalizePath(encodeURI(path).replaceAll("%25", "%")) ?? path);
}

/** A prefix ends at a segment: `/api` is one of `/api` and `/api/users`, not of `/apis`; `""` is one of every path. */
export function isPathPrefix(prefix: string, path: string): boolean {
  const { length } = prefix;
  if (length === 0) return true;
  return (path.length === length || path.charCodeAt(length) === 0x2f) && path.startsWith(prefix);
}

/** Nearly no path does: this one test is all that most requests pay. */
const needsWork = /[^!-~]|["#%<>\\^`{|}]|\/(?:\/|\.\.?(?:[/;]|$))/;

/** What has no business in a path: controls, space, `#`, backslash, NUL, half an encoding. */
const isMalformed = /[\0-\x20\x7f#\\]|%(?![0-9A-Fa-f]{2})|%00/;

const encodedOrForbidden = /%[0-9A-Fa-f]{2}|[^!-~]|["<>^`{|}]/g;

/** Within the canonical spelling, segments end at a slash, at what some servers take for one, and at parameters. */
const hasDotSegment = /(?:\/|%2F|%5C)\.\.?(?:[/;]|%2F|%5C|$)/;

/** These would change the meaning of the path if they stood for themselves, or may not stand in a path at all. */
const staysEncoded = new Set('/\\%?#"<>^`{|}');

function canonicalSpelling(match: string): string {
  if (match.length === 1) return toEncoded(match.charCodeAt(0));
  const character = String.fromCharCode(Number.parseInt(match.slice(1), 16));
  return character > " " && character < "\x7f" && !staysEncoded.has(character) ? character : match.toUpperCase();
}

function toEncoded(code: number): string {
  const character = String.fromCharCode(code);
  return code > 0xff ? encodeURIComponent(character) : `%${code.toString(16).toUpperCase().padStart(2, "0")}`;
}
