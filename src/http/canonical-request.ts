import { isOriginForm } from "./request-target.ts";

/**
 * A canonical request: the subset of HTTP/1.1 that every parser reads alike, so that it may be read here, in the cheapest way, and
 * the gateway's two paths cannot disagree about it. Whatever is not in it is not refused but given, with all its bytes, to
 * the full path.
 *
 *     request       = request-line 1*field-line CRLF [ body ]
 *     request-line  = method SP origin-form SP "HTTP/1.1" CRLF
 *
 * - One head, whole, ended by CRLF CRLF, and every line by CRLF (RFC 9112 §2.2): a bare CR or LF ends a line for some and is data
 *   for others, which is how a field is hidden. No empty line before the request line, which §2.2 lets a server skip.
 * - The method is one of seven, in upper case (RFC 9110 §9.1). CONNECT and TRACE change what a connection is, or what is echoed;
 *   methods not known here may have framing or retry rules of their own.
 * - The target is in origin-form (RFC 9112 §3.2.1), of visible ASCII without `#`. The absolute form overrides Host (§3.2.2), and
 *   not every server knows; the asterisk form is not forwarded.
 * - One space on either side of the target (§3): what splits on any whitespace sees other targets than what does not.
 * - The version is 1.1 (§2.3). 1.0 has other rules for Host, persistence and transfer codings.
 * - A field line is `token ":" OWS value OWS` (§5), the value of visible ASCII, space and tab. No space before the colon (§5.1), no
 *   folded lines (§5.2), no NUL or other controls (RFC 9110 §5.5), no obs-text, whose meaning depends on who decodes it.
 * - Exactly one Host, and it is a valid authority (RFC 9112 §3.2).
 * - No Transfer-Encoding (§6.1), hence no CL.TE, TE.CL or TE.TE; at most one Content-Length, of 1 to 15 digits and nothing else (§6.2).
 * - Connection says nothing, `keep-alive` or `close` (RFC 9110 §7.6.1): a list could name fields to remove. No Upgrade (§7.8), no
 *   Expect (§10.1.1): both make the connection wait for an answer in mid-request.
 */
export class CanonicalHead {
  method = "";
  /** Path and query. */
  target = "";
  /** The field lines, each with its CRLF. */
  section = "";
  /** Behind the head. */
  end = 0;
}

export type HeadFault = "request-line" | "method" | "target" | "http-version" | "no-fields";

const methods: ReadonlyMap<string, string> = new Map(
  ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].map((method) => [method, method]),
);
const version = " HTTP/1.1";

/**
 * Reads the request line and finds the section of a head that is there whole, from the start of `text`. The fields are for
 * {@link readFieldSection}.
 *
 * @returns `"partial"`: the end of the head is not there yet
 */
export function readCanonicalHead(text: string, head: CanonicalHead): "whole" | "partial" | HeadFault {
  const end = text.indexOf("\r\n\r\n");
  if (end === -1) return findFault(text) ?? "partial";
  const lineEnd = text.indexOf("\r\n");
  if (!text.startsWith(version, lineEnd - version.length)) return "http-version";
  const space = text.indexOf(" ");
  const method = methods.get(text.slice(0, space));
  if (method === undefined) return "method";
  const target = text.slice(space + 1, lineEnd - version.length);
  if (!isOriginForm(target)) return "target";
  if (lineEnd === end) return "no-fields";
  head.method = method;
  head.target = target;
  head.section = text.slice(lineEnd + 2, end + 2);
  head.end = end + 4;
  return "whole";
}

/** The beginning of a request line, and of fields behind a whole one; what cannot become canonical any more need not be waited for. */
const beginning =
  /^(?:[A-Z]{1,7}|[A-Z]{3,7} (?:\/[\x21\x22\x24-\x7e]*)?(?: (?:H|HT|HTT|HTTP|HTTP\/|HTTP\/1|HTTP\/1\.|HTTP\/1\.1\r?)?)?)$/;
const wholeLine = /^[A-Z]{3,7} \/[\x21\x22\x24-\x7e]* HTTP\/1\.1\r\n/;
const fieldsSoFar =
  /^(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+:[\t\x20-\x7e]*\r\n)*(?:[!#$%&'*+.^_`|~0-9A-Za-z-]+(?::[\t\x20-\x7e]*\r?)?|\r)?$/;

function findFault(partial: string): HeadFault | undefined {
  const line = wholeLine.exec(partial)?.[0];
  if (line === undefined) return beginning.test(partial) ? undefined : "request-line";
  return fieldsSoFar.test(partial.slice(line.length)) ? undefined : "request-line";
}
