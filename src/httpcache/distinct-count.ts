const bits = 512;

/**
 * About how many different texts there were, in 64 bytes: each sets one bit of many, and how many bits are left unset says how many texts there
 * must have been (linear counting: Whang, Vander-Zanden, Taylor 1990). Right to a few per cent up to a thousand, and never more than some
 * three thousand.
 */
export class DistinctCount {
  readonly #bits = new Uint32Array(bits / 32);
  #unset = bits;

  add(text: string): void {
    const place = hash(text) % bits;
    const word = place >>> 5;
    const bit = 1 << (place & 31);
    if ((this.#bits[word]! & bit) !== 0) return;
    this.#bits[word]! |= bit;
    this.#unset--;
  }

  get estimate(): number {
    return Math.round(bits * Math.log(bits / Math.max(1, this.#unset)));
  }
}

/** FNV-1a, of the lower bytes; mixed, since its last bits are its worst. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ (text.charCodeAt(i) & 0xff), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  return (value ^ (value >>> 13)) >>> 0;
}
