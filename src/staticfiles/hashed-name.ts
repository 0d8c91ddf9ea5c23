/**
 * Whether a name holds a hash of its content, as build tools write them: `app.3f9a1c2b.js`, `index-BgT7x_9q.css`. What has such a name is never
 * another file, so browsers may keep it without asking.
 *
 * To take a hash for a word costs a question now and then; to take a word for a hash shows people an old file for a year. So it must look
 * as if drawn by lot: words, dates, versions and sizes in pixels seldom change between small letters, capitals and digits, while of
 * characters drawn by lot most are of another kind than the one before. It must stand where tools put it, at the end before the extension,
 * and be as long as theirs. Scripts and styles are named by tools; images and fonts by people too (`Inter-SemiBold.woff2`), so more is asked of
 * them. Pages are never named so, and identifiers that name a thing rather than its content (UUIDs, 24 hexadecimal digits) are none.
 */
export function hasContentHash(fileName: string): boolean {
  const [, stem, extension] = assets.exec(fileName) ?? [];
  if (stem === undefined || uuid.test(stem)) return false;
  const hexadecimal = /(?:^|[-._~])([0-9a-f]+)$/.exec(stem)?.[1];
  if (hexadecimal !== undefined && hexLengths.has(hexadecimal.length)) return changes(hexadecimal) >= 2;
  const base32 = /[-._]([A-Z2-7]{8})$/.exec(stem)?.[1];
  if (base32 !== undefined) return changes(base32) >= 2;
  const base64 = /[-._]([\w-]{8})$/.exec(stem)?.[1];
  if (base64 === undefined || words.test(base64)) return false;
  const isMixed = /[a-z]/.test(base64) && /[A-Z]/.test(base64);
  return changes(base64) >= (isMixed && madeByTools.test(extension!) ? 2 : 4);
}

/** What build tools make, with what they write between hash and extension: 1: what is before that; 2: the extension. */
const assets =
  /^(.+?)(?:\.(?:chunk|bundle|min|module|worker|legacy|async))*\.(m?js|css|wasm|json|woff2?|ttf|otf|eot|svg|png|jpe?g|gif|webp|avif|ico|bmp|mp[34]|webm|og[gv]|m4a|wav|glb)(?:\.map)?$/i;
const madeByTools = /^(?:m?js|css|wasm)$/i;

/** Of hashes, whole and cut. Not 24: identifiers of documents in MongoDB. */
const hexLengths: ReadonlySet<number> = new Set([8, 10, 12, 16, 20, 32, 40, 64]);
const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
/** `SemiBold`, `ReactDOM`, `jQueryUI`, `Web3Core`, `iPhoneXS`: what can be spoken, capital by capital, with numbers between. */
const words = /^[a-z]*(?:[A-Z](?:[hlr]|[ckmnptwu]|[chkpt][lr])?[aeiouy][a-z]*|[A-Z]{2,}|\d+|[-_])*$/;

/** How often a character is of another kind than the one before. On both sides of a dash, which may join words, it may be. */
function changes(text: string): number {
  let count = 0;
  for (let i = 1; i < text.length; i++) {
    const [before, kind] = [kindOf(text[i - 1]!), kindOf(text[i]!)];
    if (kind !== before && kind !== "separator" && before !== "separator") count++;
  }
  return count;
}

function kindOf(character: string): "small" | "capital" | "digit" | "separator" {
  if (character >= "a" && character <= "z") return "small";
  if (character >= "A" && character <= "Z") return "capital";
  return character >= "0" && character <= "9" ? "digit" : "separator";
}
