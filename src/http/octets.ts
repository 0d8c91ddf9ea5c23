/** What a byte may be, by RFC 9110 §5.5 and §5.6.2: tables, so that a scan is one look per byte. */
export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
export const HTAB = 0x09;
export const COLON = 0x3a;

/** token = 1*tchar */
export const isTokenByte = tableOf((byte) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(byte)));

/** Of a field's value: visible, space, tab and obs-text. */
export const isValueByte = tableOf((byte) => byte === HTAB || (byte >= SP && byte !== 0x7f));

function tableOf(contains: (byte: number) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (contains(byte) ? 1 : 0));
}

/** Whether the bytes from `at` spell this name, in any case; `name` in lower case. */
export function isName(bytes: Uint8Array, at: number, name: string): boolean {
  for (let i = 0; i < name.length; i++) if ((bytes[at + i]! | 0x20) !== name.charCodeAt(i)) return false;
  return true;
}
