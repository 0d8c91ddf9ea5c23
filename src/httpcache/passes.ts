import type { Refusal } from "./storability.ts";

/** Why a request passes by the cache although it is of a kind that is cached. */
export type PassReason = Refusal | "too-large";

interface Pass {
  readonly reason: PassReason;
  readonly until: number;
}

const maxPasses = 16_384;

/**
 * URLs whose answers turned out not to be for the cache: nobody waits for another's answer there, and nothing is kept in case it should be.
 * For a while only, since what an origin says may change.
 */
export class Passes {
  readonly #forMs: number;
  readonly #byKey = new Map<string, Pass>();

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  /** @param now milliseconds since the epoch */
  add(key: string, reason: PassReason, now: number): void {
    this.#byKey.delete(key);
    if (this.#byKey.size >= maxPasses) for (const oldest of this.#byKey.keys()) if (this.#byKey.delete(oldest)) break;
    this.#byKey.set(key, { reason, until: now + this.#forMs });
  }

  find(key: string, now: number): PassReason | undefined {
    const pass = this.#byKey.get(key);
    if (pass === undefined) return undefined;
    if (now < pass.until) return pass.reason;
    this.#byKey.delete(key);
    return undefined;
  }

  clear(): void {
    this.#byKey.clear();
  }
}
