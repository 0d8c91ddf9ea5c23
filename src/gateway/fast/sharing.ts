import type { ResolvedRetries } from "../../config/index.ts";

/**
 * Whether requests may share a connection to an upstream, written at once and answered in their order. It spares both ends system
 * calls, but whoever is behind a slow request waits for it. So only requests that are safe to repeat share, only to instances of
 * our own (a stranger may not know how to pipeline), and only while the upstream has an even pace: while hardly any answer
 * takes much longer than the others.
 *
 * With up to eight on a connection, one slow answer in a thousand delays less than one request in a hundred: the 99th percentile does
 * not notice. When there are more, nobody shares for a second.
 */
const negligibleMs = 3;
const slowByMean = 4;
const slowShare = 1 / 1_024;
const holdLooks = 10;

/** Observes how long answers take; told ten times a second to look back. */
export class Pace {
  /** Not before there is something to go by. */
  isEven = false;
  #count = 0;
  #slow = 0;
  #sumMs = 0;
  #slowAboveMs = Infinity;
  #hold = 0;

  observe(ms: number): void {
    this.#count++;
    this.#sumMs += ms;
    if (ms > this.#slowAboveMs) this.#slow++;
  }

  look(): void {
    if (this.#count === 0) return;
    this.#hold = this.#slow > this.#count * slowShare ? holdLooks : Math.max(0, this.#hold - 1);
    this.isEven = this.#hold === 0;
    this.#slowAboveMs = Math.max(negligibleMs, (slowByMean * this.#sumMs) / this.#count);
    this.#count = this.#slow = this.#sumMs = 0;
  }
}

/** Methods that are safe (RFC 9110 §9.2.1): nothing happens when they are done twice. */
const safeMethods: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

export function isSafe(method: string): boolean {
  return safeMethods.has(method);
}

/** A request that has waited so long behind another is sent again, on a connection of its own. */
export const maxBehindMs = 50;

/** Of this service, such a request may be sent along with others. */
export function mayShare(
  { method, bodyLength }: { readonly method: string; readonly bodyLength: number },
  { retries }: { readonly retries: ResolvedRetries | false },
): boolean {
  return bodyLength === 0 && isSafe(method) && mayRepeat(retries);
}

/** What shares a connection must be repeated when it is let go. */
export function mayRepeat(retries: ResolvedRetries | false): boolean {
  return retries !== false && retries.attempts > 1;
}
