/** Both ends belong to it. */
export interface ByteRange {
  readonly first: number;
  readonly last: number;
}

/** More of them, or ranges that overlap, are how a small request is made into a large answer: then the whole is sent (RFC 9110 §14.2). */
const maxRanges = 8;
/** However many digits: what no integer holds is beyond the end (§14.1.2). */
const rangeSpec = /^(\d+)?-(\d+)?$/;

/**
 * What a Range field asks for of a representation (RFC 9110 §14.1.2), in the order in which it was asked for.
 *
 * @param length of the representation, in bytes
 * @returns `undefined`: the field is to be ignored, and the whole sent; an empty list: nothing that was asked for is there (416)
 */
export function readByteRanges(value: string, length: number): readonly ByteRange[] | undefined {
  const [unit, specs, ...rest] = value.split("=");
  if (unit?.toLowerCase() !== "bytes" || specs === undefined || rest.length > 0) return undefined;
  const ranges: ByteRange[] = [];
  const parts = specs.split(",").map((text) => text.trim());
  if (parts.length > maxRanges) return undefined;
  let asked = 0;
  for (const part of parts) {
    if (part === "") continue;
    const [, first, last] = rangeSpec.exec(part) ?? [];
    if (first === undefined && last === undefined) return undefined;
    asked++;
    const range = first === undefined ? suffix(Number(last), length) : from(Number(first), last, length);
    if (range === "invalid") return undefined;
    if (range !== "unsatisfiable") ranges.push(range);
  }
  return asked === 0 || doOverlap(ranges) ? undefined : ranges;
}

type Read = ByteRange | "invalid" | "unsatisfiable";

function suffix(count: number, length: number): Read {
  return count === 0 || length === 0 ? "unsatisfiable" : { first: Math.max(0, length - count), last: length - 1 };
}

function from(first: number, last: string | undefined, length: number): Read {
  if (last !== undefined && Number(last) < first) return "invalid";
  if (first >= length) return "unsatisfiable";
  return { first, last: last === undefined ? length - 1 : Math.min(Number(last), length - 1) };
}

function doOverlap(ranges: readonly ByteRange[]): boolean {
  const inOrder = ranges.toSorted((a, b) => a.first - b.first);
  return inOrder.some(({ first }, i) => i > 0 && first <= inOrder[i - 1]!.last);
}
