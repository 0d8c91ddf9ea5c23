/** A whole line: name, colon, value of visible ASCII, space and tab. */
const canonicalLine = /([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e]*)\r\n/y;
/** The same, and obs-text (RFC 9110 §5.5). */
const anyLine = /([!#$%&'*+.^_`|~0-9A-Za-z-]+):[\t ]*([\t\x20-\x7e\x80-\xff]*)\r\n/y;

/**
 * Field lines, each with its CRLF, as name, value, name, value; values without the space around them.
 *
 * @returns `undefined`: a line is not canonical (canonical-request.ts)
 */
export function readFieldSection(section: string): string[] | undefined {
  return readLines(section, canonicalLine);
}

/** As {@link readFieldSection}, of an answer, which may hold obs-text. */
export function readAnswerFields(section: string): string[] | undefined {
  return readLines(section, anyLine);
}

function readLines(section: string, fieldLine: RegExp): string[] | undefined {
  const raw: string[] = [];
  let at = 0;
  while (at < section.length) {
    fieldLine.lastIndex = at;
    const match = fieldLine.exec(section);
    if (match === null) return undefined;
    raw.push(match[1]!, trimOws(match[2]!));
    at = fieldLine.lastIndex;
  }
  return raw;
}

/**
 * The value of a field; several lines of one name joined, as RFC 9110 §5.3 says, cookies as RFC 9113 §8.2.3 does.
 *
 * @param raw name, value, name, value
 * @param name in lower case
 */
export function fieldValue(raw: readonly string[], name: string): string | undefined {
  let value: string | undefined;
  for (let i = 0; i < raw.length; i += 2) {
    const found = raw[i]!;
    if (found.length !== name.length || found.toLowerCase() !== name) continue;
    value = value === undefined ? raw[i + 1]! : `${value}${name === "cookie" ? "; " : ", "}${raw[i + 1]!}`;
  }
  return value;
}

/**
 * As Node's server, and so nearly every app, reads a request: of fields that are no lists the first line counts. Who counts or routes by
 * such a field must not be told another value than the app.
 */
export function requestField(raw: readonly string[], name: string): string | undefined {
  if (!firstCounts.has(name)) return fieldValue(raw, name);
  for (let i = 0; i < raw.length; i += 2) if (raw[i]!.toLowerCase() === name) return raw[i + 1]!;
  return undefined;
}

const firstCounts: ReadonlySet<string> = new Set([
  "age",
  "authorization",
  "content-type",
  "etag",
  "expires",
  "from",
  "if-modified-since",
  "if-unmodified-since",
  "last-modified",
  "location",
  "max-forwards",
  "proxy-authorization",
  "referer",
  "retry-after",
  "server",
  "user-agent",
]);

function trimOws(value: string): string {
  let end = value.length;
  while (end > 0 && (value.charCodeAt(end - 1) === 0x20 || value.charCodeAt(end - 1) === 0x09)) end--;
  return end === value.length ? value : value.slice(0, end);
}
