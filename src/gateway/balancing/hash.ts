/**
 * MurmurHash3 (x86, 32 bit; Austin Appleby, public domain): fast, and every bit of the input flips each bit of the result
 * with a chance near one half. It is not a secret: whoever can choose keys can choose keys that collide.
 */

/** Of latin1 text: one byte a character, as HTTP heads are read. Higher bits of other characters are ignored. */
export function hash32(text: string, seed = 0): number {
  const { length } = text;
  const tail = length & ~3;
  let hash = seed;
  for (let i = 0; i < tail; i += 4) {
    const block =
      (text.charCodeAt(i) & 0xff) |
      ((text.charCodeAt(i + 1) & 0xff) << 8) |
      ((text.charCodeAt(i + 2) & 0xff) << 16) |
      ((text.charCodeAt(i + 3) & 0xff) << 24);
    hash ^= scramble(block);
    hash = Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64;
  }
  let rest = 0;
  for (let i = length - 1; i >= tail; i--) rest = (rest << 8) | (text.charCodeAt(i) & 0xff);
  return mix32(hash ^ scramble(rest) ^ length);
}

function scramble(block: number): number {
  const product = Math.imul(block, 0xcc9e2d51);
  return Math.imul((product << 15) | (product >>> 17), 0x1b873593);
}

/** Murmur's finaliser: a bijection of the 32-bit integers with good avalanche. Unsigned. */
export function mix32(value: number): number {
  let hash = value ^ (value >>> 16);
  hash = Math.imul(hash, 0x85ebca6b);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
