import type { KindWindow } from "./concurrency-policy.ts";

/** Kinds that are told apart: whoever makes up paths can mix them, and fills no memory. */
const kindBits = 6;
export const kindCount = 2 ** kindBits;
/** A segment that is no longer says nothing of what is asked: `/api`, `/v1`, `/en`. */
const mutePrefix = 3;
/** Of a longer path the rest is not looked at. */
const lookedAt = 128;

const slash = 0x2f;
/** FNV-1a, and multiplicative hashing (Knuth, The Art of Computer Programming, §6.4) for the bits that are taken of it. */
const offsetBasis = 0x811c9dc5;
const prime = 0x01000193;
const spread = 0x9e3779b1;

/**
 * What an answer takes depends above all on what is asked for, and of that a gateway sees the method and the path. Of one kind are requests with the same method,
 * the same first segment (behind `/api` and the like) and as many segments: `GET /api/articles/1` and `GET /api/articles/2`. Kinds that fall together by
 * chance are measured as one.
 *
 * @param path without the query
 */
export function kindOf(method: string, path: string): number {
  const end = Math.min(path.length, lookedAt);
  let hash = Math.imul(offsetBasis ^ (method.charCodeAt(0) + (method.charCodeAt(1) << 8)), prime);
  let at = 1;
  for (let began = at; at < end; at++) {
    const code = path.charCodeAt(at);
    if (code === slash) {
      if (at - began > mutePrefix) break;
      began = at + 1;
    }
    hash = Math.imul(hash ^ code, prime);
  }
  for (; at < end; at++) if (path.charCodeAt(at) === slash) hash = Math.imul(hash ^ slash, prime);
  return Math.imul(hash, spread) >>> (32 - kindBits);
}

type Counts = { -readonly [K in keyof KindWindow]: KindWindow[K] };

/** What came of the requests of each kind since somebody last looked. */
export class KindMeter {
  readonly #counts: Counts[] = Array.from({ length: kindCount }, (_, kind) => ({ kind, ...none }));

  answer(kind: number, ms: number, isQuiet: boolean): void {
    const counts = this.#counts[kind]!;
    counts.answers++;
    counts.answeredMs += ms;
    if (!isQuiet) return;
    counts.quietAnswers++;
    counts.quietMs += ms;
  }

  abandon(kind: number, ms: number): void {
    const counts = this.#counts[kind]!;
    counts.abandoned++;
    counts.abandonedMs += ms;
  }

  /** And begins anew. @returns those of which something was heard */
  take(): KindWindow[] {
    const heard = this.#counts.filter(({ answers, abandoned }) => answers + abandoned > 0);
    return heard.map((counts) => {
      const window = { ...counts };
      Object.assign(counts, none);
      return window;
    });
  }
}

const none = { answers: 0, answeredMs: 0, quietAnswers: 0, quietMs: 0, abandoned: 0, abandonedMs: 0 };
