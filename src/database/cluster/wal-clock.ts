/**
 * When the primary was where. By our own clock, from its answers: so whoever has replayed up to some place is known to be as new as the primary was at some
 * moment, without comparing clocks of different machines, and also while nothing is written.
 */
import type { Position } from "../lsn.ts";

interface Mark {
  readonly at: number;
  readonly lsn: number;
}

/** Marks closer to each other than this are one. */
const apartMs = 5;
/** And those closer than this share of their age: what is told of long ago is told more coarsely. */
const apartShare = 0.02;
/** Thinned out they are some six hundred for a day. */
const maxMarks = 2_048;

export class WalClock {
  #timeline = 0;
  /** Oldest first, growing in both. */
  #marks: Mark[] = [];

  /** @param askedAt when it was asked, or had not been told yet that a commit was done: the primary was there then, or farther on soon after */
  mark({ timeline, lsn }: Position, askedAt: number): void {
    if (timeline < this.#timeline) return;
    if (timeline > this.#timeline) {
      this.#timeline = timeline;
      this.#marks = [];
    }
    const last = this.#marks.at(-1);
    if (last !== undefined && (lsn < last.lsn || askedAt < last.at)) return;
    if (last !== undefined && lsn === last.lsn) this.#marks[this.#marks.length - 1] = { at: askedAt, lsn };
    else if (last === undefined || askedAt - last.at >= apartMs) this.#marks.push({ at: askedAt, lsn });
    if (this.#marks.length > maxMarks) this.#marks = thinned(this.#marks);
  }

  /** How long, when it was asked, somebody had lacked what he lacks: nothing is known of it since then. 0: he lacked nothing that is known. Milliseconds. */
  lagMs(reached: Position, askedAt: number): number {
    if (reached.timeline !== this.#timeline) return Infinity;
    const next = this.#marks[this.#countUpTo(reached.lsn)];
    return next === undefined ? 0 : Math.max(0, askedAt - next.at);
  }

  /** How old, at most, what stands at `reached` is. Infinity: not known. Milliseconds. */
  ageMs(reached: Position, now: number): number {
    if (reached.timeline !== this.#timeline) return Infinity;
    const count = this.#countUpTo(reached.lsn);
    return count === 0 ? Infinity : now - this.#marks[count - 1]!.at;
  }

  #countUpTo(lsn: number): number {
    const marks = this.#marks;
    let low = 0;
    let high = marks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (marks[middle]!.lsn <= lsn) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** The newest stays, and of the others those that are far enough from the next newer one. */
function thinned(marks: readonly Mark[]): Mark[] {
  const newest = marks.at(-1)!;
  const kept = [newest];
  for (const mark of marks.toReversed()) {
    const age = newest.at - mark.at;
    if (kept.at(-1)!.at - mark.at >= Math.max(apartMs, age * apartShare)) kept.push(mark);
  }
  return kept.toReversed();
}
