/**
 * A weighted split: a share of a service's requests goes to another service, a canary. Which part a request belongs to is
 * decided by one number in [0, 1): drawn, so that each request is on its own, or made of the client's hash, so that a client
 * stays with what it has. The number line is cut in the order of the shares; what is left belongs to the service itself.
 * Growing the last share moves requests to it and no others.
 */
export interface Split {
  readonly names: readonly string[];
  /** `names[i]` takes the numbers below `ends[i]` that no earlier one takes. */
  readonly ends: readonly number[];
  readonly rest: string;
}

/**
 * @param shares service name → share, 0 to 1; in all at most 1
 * @returns `undefined`: nothing is to be split
 */
export function compileSplit(service: string, shares: Readonly<Record<string, number>>): Split | undefined {
  const names: string[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const [name, share] of Object.entries(shares)) {
    if (share <= 0) continue;
    end += share;
    names.push(name);
    // Ten tenths add up to a little less than one, and nothing would be meant to fall beside them.
    ends.push(end > 1 - 1e-9 ? 1 : end);
  }
  return names.length === 0 ? undefined : { names, ends, rest: service };
}

/** The service that takes this request. */
export function chooseService(split: Split, number: number): string {
  for (let i = 0; i < split.ends.length; i++) if (number < split.ends[i]!) return split.names[i]!;
  return split.rest;
}
