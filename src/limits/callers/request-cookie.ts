import { findCookie } from "../../http/index.ts";

/**
 * A cookie as apps read it. What parsers of cookies take for the same must be the same here: most of them undo a percent-encoding, and whoever
 * could spell his session in a million ways would else have a million quotas.
 *
 * @param header the Cookie field
 */
export function requestCookie(header: string | undefined, name: string): string | undefined {
  const value = header === undefined ? undefined : findCookie(header, name);
  return value?.includes("%") === true ? decoded(value) : value;
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
