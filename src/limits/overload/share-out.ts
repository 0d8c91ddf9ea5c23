/** Who has a part of the places. */
export interface Claim {
  /** So many are of use to him; Infinity: he lacks some. */
  readonly wanted: number;
}

/**
 * Places among those who share them: who wants little has it, the others have the same (max-min fairness; Bertsekas and Gallager, Data Networks, §6.5), and
 * what nobody wants is spread. Everybody has one at least, and parts are rounded up, so that together they may be more than there are by less than one
 * each: a place less would be much for who has two.
 */
export function shareOut(places: number, claims: readonly Claim[]): number[] {
  const shares = claims.map(() => 0);
  let left = places;
  let open = claims.map((_, index) => index);
  while (open.length > 0) {
    const even = left / open.length;
    const modest = open.filter((index) => claims[index]!.wanted <= even);
    if (modest.length === 0) {
      for (const index of open) shares[index] = even;
      left = 0;
      break;
    }
    for (const index of modest) left -= shares[index] = claims[index]!.wanted;
    open = open.filter((index) => !modest.includes(index));
  }
  return shares.map((share) => Math.max(1, Math.ceil(share + left / claims.length)));
}
