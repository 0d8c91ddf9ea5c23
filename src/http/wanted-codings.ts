import { type ContentCoding, readCodingWeights } from "./content-coding.ts";

/** The codings that a client wants at least as much as none, the most wanted first. */
export type CodingWish = (acceptEncoding: string | undefined) => readonly ContentCoding[];

/** Clients say one of few things. */
const maxKnown = 256;
/** Longer than any client writes it. */
const maxKnownLength = 256;
const none: readonly ContentCoding[] = [];

/** @param available in the server's order of preference, which decides among those that are wanted alike */
export function createCodingWish(available: readonly ContentCoding[]): CodingWish {
  const known = new Map<string, readonly ContentCoding[]>();
  return (acceptEncoding) => {
    if (acceptEncoding === undefined) return none;
    let wanted = known.get(acceptEncoding);
    if (wanted !== undefined) return wanted;
    wanted = wantedCodings(acceptEncoding, available);
    if (known.size >= maxKnown) known.clear();
    if (acceptEncoding.length <= maxKnownLength) known.set(acceptEncoding, wanted);
    return wanted;
  };
}

function wantedCodings(acceptEncoding: string, available: readonly ContentCoding[]): readonly ContentCoding[] {
  const weightOf = readCodingWeights(acceptEncoding);
  const least = weightOf("identity");
  const wanted = available.filter((coding) => weightOf(coding) > 0 && weightOf(coding) >= least);
  return wanted.length === 0 ? none : wanted.toSorted((a, b) => weightOf(b) - weightOf(a));
}
