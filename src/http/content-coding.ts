import { readWeights } from "./weights.ts";

/** The codings that are made here, the best for text first: smallest for the time that it takes to make and to read. */
export const contentCodings = ["br", "zstd", "gzip"] as const;
export type ContentCoding = (typeof contentCodings)[number];

/** How much a client wants an answer in this coding, or in none; 0: not at all. */
export type CodingWeight = (coding: ContentCoding | "identity") => number;

/** So little is "no coding" wanted that was not mentioned: less than any coding that was. */
const unmentioned = 0.0001;

/**
 * Reads Accept-Encoding (RFC 9110 §12.5.3).
 *
 * Without the field any coding would be acceptable; but who does not ask for one often cannot read it, and every server sends none then. A
 * field that is there and empty says so itself. What is not mentioned is as `*` is; without that it is not acceptable, but for "no coding",
 * which nobody has to mention and which `*;q=0` refuses.
 */
export function readCodingWeights(acceptEncoding: string | undefined): CodingWeight {
  const weights = new Map(readWeights(acceptEncoding ?? "").map(({ name, weight }) => [unaliased(name), weight]));
  const others = weights.get("*");
  return (coding) => weights.get(coding) ?? (coding === "identity" ? (others === 0 ? 0 : unmentioned) : (others ?? 0));
}

/**
 * The coding for an answer: the one that is wanted most, and among equals the first.
 *
 * @param available in the server's order of preference; an answer without coding can always be had
 * @returns `"identity"`: none; `undefined`: nothing that can be had is acceptable
 */
export function chooseCoding(
  weightOf: CodingWeight,
  available: readonly ContentCoding[],
): ContentCoding | "identity" | undefined {
  let chosen: ContentCoding | "identity" | undefined;
  let most = 0;
  for (const coding of [...available, "identity"] as const) {
    const weight = weightOf(coding);
    if (weight > most) [chosen, most] = [coding, weight];
  }
  return chosen;
}

/** RFC 9110 §8.4.1.3. */
function unaliased(name: string): string {
  return name === "x-gzip" ? "gzip" : name;
}
