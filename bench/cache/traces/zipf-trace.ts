import { sizedPath } from "../origin.ts";
import { draws } from "../../support/draws.ts";
import { zipfDraws } from "../../support/zipf-draws.ts";
import type { Trace, TraceRequest } from "./trace.ts";

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
  const place = zipfDraws(objects, exponent, next);
  const trace: TraceRequest[] = [];
  for (let i = 0; i < requests; i++) {
    trace.push(all[place()]!);
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
