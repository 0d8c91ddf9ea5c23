import type { KindWindow } from "./concurrency-policy.ts";

/** Kinds that are told apart; what comes later is of the last. Who makes up paths must not fill the memory. */
const maxKinds = 64;

/**
 * What answers take depends above all on what is asked. Of a service only its paths are known, and their beginnings mostly say what is done: requests whose
 * method and first two segments are the same are of one kind.
 */
export class RequestKinds {
  readonly #indexes = new Map<string, number>();
  readonly #windows: { -readonly [K in keyof KindWindow]: KindWindow[K] }[] = [];

  /** @param path without the query */
  indexOf(method: string, path: string): number {
    const kind = method + beginningOf(path);
    const known = this.#indexes.get(kind);
    if (known !== undefined) return known;
    const index = Math.min(this.#indexes.size, maxKinds - 1);
    if (this.#indexes.size >= maxKinds) return index;
    this.#indexes.set(kind, index);
    this.#windows[index] ??= { kind: index, answers: 0, answeredMs: 0, quietAnswers: 0, quietMs: 0 };
    return index;
  }

  answer(index: number, ms: number, isQuiet: boolean): void {
    const window = this.#windows[index]!;
    window.answers++;
    window.answeredMs += ms;
    if (!isQuiet) return;
    window.quietAnswers++;
    window.quietMs += ms;
  }

  /** And begins anew. @returns those of which there were answers */
  take(): KindWindow[] {
    const windows: KindWindow[] = [];
    for (const window of this.#windows) {
      if (window.answers === 0) continue;
      windows.push({ ...window });
      window.answers = window.answeredMs = window.quietAnswers = window.quietMs = 0;
    }
    return windows;
  }
}

/** Up to the third slash. */
function beginningOf(path: string): string {
  const second = path.indexOf("/", 1);
  const third = second === -1 ? -1 : path.indexOf("/", second + 1);
  return third === -1 ? path : path.slice(0, third);
}
