import type { Priority } from "../../config/index.ts";

/** Who goes first, first. */
export const priorities = ["critical", "normal", "background"] as const satisfies readonly Priority[];

/** Somebody in a line; what he needs to stand in it. */
export interface Waiting {
  /** Place in {@link priorities}. */
  rank: number;
  ahead: this | undefined;
  behind: this | undefined;
  isInLine: boolean;
}

/** Those who wait, by priority, and within one in the order they came. Coming, going and giving up cost the same however many there are. */
export class WaitingLine<T extends Waiting> {
  readonly #lines: readonly Line<T>[] = priorities.map(() => new Line<T>());

  get length(): number {
    let sum = 0;
    for (const line of this.#lines) sum += line.length;
    return sum;
  }

  /** Of one priority. */
  lengthOf(rank: number): number {
    return this.#lines[rank]!.length;
  }

  /** Those who would go before a newcomer of this priority. */
  before(rank: number): number {
    let sum = 0;
    for (let i = 0; i <= rank; i++) sum += this.#lines[i]!.length;
    return sum;
  }

  push(waiting: T): void {
    this.#lines[waiting.rank]!.push(waiting);
  }

  remove(waiting: T): void {
    if (waiting.isInLine) this.#lines[waiting.rank]!.remove(waiting);
  }

  /** Whose turn it is. */
  next(): T | undefined {
    for (const line of this.#lines) if (line.first !== undefined) return line.first;
    return undefined;
  }

  /** Who has waited longest in a line. */
  first(rank: number): T | undefined {
    return this.#lines[rank]!.first;
  }

  /** Who would go last of all, if he is of lower priority than this. */
  lastBelow(rank: number): T | undefined {
    for (let i = priorities.length - 1; i > rank; i--)
      if (this.#lines[i]!.last !== undefined) return this.#lines[i]!.last;
    return undefined;
  }
}

class Line<T extends Waiting> {
  first: T | undefined = undefined;
  last: T | undefined = undefined;
  length = 0;

  push(waiting: T): void {
    waiting.ahead = this.last;
    waiting.behind = undefined;
    waiting.isInLine = true;
    if (this.last === undefined) this.first = waiting;
    else this.last.behind = waiting;
    this.last = waiting;
    this.length++;
  }

  remove(waiting: T): void {
    const { ahead, behind } = waiting;
    if (ahead === undefined) this.first = behind;
    else ahead.behind = behind;
    if (behind === undefined) this.last = ahead;
    else behind.ahead = ahead;
    waiting.ahead = waiting.behind = undefined;
    waiting.isInLine = false;
    this.length--;
  }
}
