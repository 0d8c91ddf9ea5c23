import { sizedPath } from "../origin.ts";
import { draws, type Trace, type TraceRequest } from "./trace.ts";

export interface Mix {
  /** Of the mix; a scan's come on top. */
  readonly requests: number;
  readonly objects: number;
  readonly exponent: number;
  /** Between each two requests somebody asks for one more that nobody asks for twice. */
  readonly hasScan: boolean;
  readonly seed?: number;
}

const medianBytes = 8_000;
/** Of the logarithm: sizes of answers on the web have a long tail. */
const deviation = 1.1;
const [least, most] = [500, 131_072];
const countedFromShare = 1 / 4;

/** By Zipf's law, of answers whose sizes have nothing to do with how often they are asked for; the same for the same mix. */
export function zipfTrace({ requests, objects, exponent, hasScan, seed = 1 }: Mix): Trace {
  const random = draws(seed);
  const next = (): number => random.next().value;
  const all = Array.from({ length: objects }, (_, i) => sized(sizeOf(next(), next()), `object-${i}`, false));
  const sums = sumsOf(objects, exponent);
  const trace: TraceRequest[] = [];
  for (let i = 0; i < requests; i++) {
    trace.push(all[firstAtLeast(sums, next() * sums.at(-1)!)]!);
    if (hasScan) trace.push(sized(sizeOf(next(), next()), `scan-${i}`, true));
  }
  return {
    requests: trace,
    countedFrom: Math.floor(trace.length * countedFromShare),
    bytes: all.reduce((sum, { bytes }) => sum + bytes, 0),
  };
}

function sized(bytes: number, name: string, isScan: boolean): TraceRequest {
  return { path: sizedPath(bytes, name), bytes, isScan };
}

/** Log-normal, of two numbers between 0 and 1 (Box and Muller). */
function sizeOf(a: number, b: number): number {
  const normal = Math.sqrt(-2 * Math.log(1 - a)) * Math.cos(2 * Math.PI * b);
  return Math.round(Math.min(most, Math.max(least, medianBytes * Math.exp(deviation * normal))));
}

function sumsOf(count: number, exponent: number): number[] {
  let sum = 0;
  return Array.from({ length: count }, (_, i) => (sum += 1 / (i + 1) ** exponent));
}

function firstAtLeast(sums: readonly number[], wanted: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
