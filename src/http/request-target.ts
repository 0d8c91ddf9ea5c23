/** Where a request goes, in one form (RFC 9112 §3.2). */
export interface RequestTarget {
  /** Path and query, from the first slash; `"*"` for the server as a whole. */
  readonly path: string;
  /** Of an absolute-form target: takes the place of Host (RFC 9112 §3.2.2). */
  readonly authority: string | undefined;
}

/** Visible ASCII without the fragment's `#`, which no client may send (RFC 9112 §3.2). */
const originForm = /^\/[\x21\x22\x24-\x7e]*$/;
const absoluteForm = /^https?:\/\/([^/?#]*)([/?][\x21\x22\x24-\x7e]*)?$/i;

/** A path, and maybe a query (RFC 9112 §3.2.1). */
export function isOriginForm(target: string): boolean {
  return originForm.test(target);
}

/** @returns `undefined` for what no server may accept: authority-form, userinfo, control characters, fragments */
export function parseTarget(target: string, method: string): RequestTarget | undefined {
  if (originForm.test(target)) return { path: target, authority: undefined };
  if (target === "*") return method === "OPTIONS" ? { path: "*", authority: undefined } : undefined;
  const match = absoluteForm.exec(target);
  if (match === null) return undefined;
  const authority = match[1]!;
  const rest = match[2] ?? "";
  if (!isAuthority(authority)) return undefined;
  if (rest === "") return { path: method === "OPTIONS" ? "*" : "/", authority };
  return { path: rest.startsWith("?") ? `/${rest}` : rest, authority };
}

const authorityForm = /^[A-Za-z0-9._~-]+(?::\d{0,5})?$|^\[[0-9A-Fa-f:.]{2,}\](?::\d{0,5})?$/;

/**
 * A host, and maybe a port (RFC 3986 §3.2.2): what a Host field may hold. Never userinfo, never empty, and nothing encoded and
 * none of the sub-delimiters that the grammar allows in names that nobody has: `a.test,b.test` is two hosts to some.
 */
export function isAuthority(value: string): boolean {
  return value.length <= 261 && authorityForm.test(value);
}

/** `"Example.com:8080"` → `"example.com"`; `"[::1]:80"` → `"[::1]"`. */
export function hostName(authority: string): string {
  const colon = authority.endsWith("]") ? -1 : authority.lastIndexOf(":");
  return (colon === -1 ? authority : authority.slice(0, colon)).toLowerCase();
}

/** `"http://a.example"`: the host in lower case, without the scheme's own port (RFC 9110 §4.2.3). @param authority as in Host */
export function originOf(isSecure: boolean, authority: string): string {
  const host = authority.toLowerCase();
  return isSecure ? `https://${host.replace(/:443$/, "")}` : `http://${host.replace(/:80$/, "")}`;
}
