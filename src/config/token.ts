/** A token as RFC 9110, section 5.6.2, defines it: the names of methods, headers and cookies. */
export function isToken(value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(value);
}
