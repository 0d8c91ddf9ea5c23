import type { PassReason } from "./pass-reason.ts";
import { type CachingCandidate, type PassedRequest, type Spot, WorthCaching } from "./worth-caching.ts";

interface Pass {
  readonly reason: PassReason;
  readonly until: number;
  /** `undefined`: nobody would want to have it cached. */
  spot: Spot | undefined;
}

/** Requests of one kind, as far as it is known what tells answers apart. */
export interface PassedKind {
  readonly id: string;
  readonly request: PassedRequest;
}

/** An answer that is not for the cache. */
export interface PassedAnswer {
  readonly reason: PassReason;
  /** Not there: no error. */
  readonly status?: number;
  /** To its head; `undefined`: not known. */
  readonly tookMs?: number;
}

const maxPasses = 16_384;

/**
 * URLs whose answers turned out not to be for the cache: nobody waits for another's answer there, and nothing is kept in case it should be.
 * For a while only, since what an origin says may change.
 */
export class Passes {
  readonly #forMs: number;
  readonly #byKey = new Map<string, Pass>();
  readonly #worthCaching = new WorthCaching();

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  /** @param now milliseconds since the epoch */
  add({ id, request }: PassedKind, { reason, status = 200, tookMs }: PassedAnswer, now: number): void {
    this.#byKey.delete(id);
    if (this.#byKey.size >= maxPasses) for (const oldest of this.#byKey.keys()) if (this.#byKey.delete(oldest)) break;
    const spot = status < 400 ? this.#worthCaching.note(request, reason, tookMs, now) : undefined;
    this.#byKey.set(id, { reason, spot, until: now + this.#forMs });
  }

  /** Whoever asks passes: he is counted. */
  find(key: string, now: number): PassReason | undefined {
    const pass = this.#byKey.get(key);
    if (pass === undefined) return undefined;
    if (now < pass.until) {
      if (pass.spot !== undefined) pass.spot = this.#worthCaching.count(pass.spot);
      return pass.reason;
    }
    this.#byKey.delete(key);
    return undefined;
  }

  /** Requests that pass although they repeat. */
  worthCaching(now: number): CachingCandidate[] {
    return this.#worthCaching.list(now);
  }

  clear(): void {
    this.#byKey.clear();
  }
}
