/**
 * Who waits for a connection, and who is told that it is no use. Pure: time is passed in, nothing is called.
 *
 * While the line is short everyone is served in turn, and nobody waits longer than his deadline. A line that stays long, however, is no burst but more
 * demand than there is to give: served in turn, each would wait until just before his deadline, and the work done for him would come too late. It is known
 * by the time that the oldest has waited: above `targetMs` for `intervalMs` without a break (CoDel; Nichols, Jacobson: "Controlling Queue Delay",
 * ACM Queue 10(5), 2012). From then on until the line is empty the newest is served first, and who has waited for `targetMs` is turned away (adaptive LIFO;
 * Maurer: "Fail at Scale", ACM Queue 13(8), 2015). So connections are never idle, and who is served at all is served soon.
 */
export interface Waiting {
  /** When it came, milliseconds on the line's clock. */
  readonly since: number;
  /** Nothing is to be gained from then on. */
  readonly deadlineAt: number;
}

export interface LineOptions {
  /** More are turned away at once. */
  readonly maxWaiting: number;
  readonly targetMs: number;
  readonly intervalMs: number;
}

export class WaitLine<T extends Waiting> {
  readonly #options: LineOptions;
  /** Oldest first. What is before `#head` has left. */
  #waiting: T[] = [];
  #head = 0;
  /** Since when the oldest has waited for too long. */
  #lateSince: number | undefined;
  #isStanding = false;

  constructor(options: LineOptions) {
    this.#options = options;
  }

  get size(): number {
    return this.#waiting.length - this.#head;
  }

  /** There is more demand than there are connections, and not for a moment only. */
  get isStanding(): boolean {
    return this.#isStanding;
  }

  /** How long the oldest has waited. */
  delayMs(now: number): number {
    return this.size === 0 ? 0 : now - this.#waiting[this.#head]!.since;
  }

  /** @returns whether there is room */
  add(waiting: T): boolean {
    if (this.size >= this.#options.maxWaiting) return false;
    this.#waiting.push(waiting);
    return true;
  }

  /** He waits no longer. */
  remove(waiting: T): void {
    const at = this.#waiting.indexOf(waiting, this.#head);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    this.#settle();
  }

  /** Who gets the connection that is free now. Those who are late have to be taken away before. */
  next(): T | undefined {
    if (this.size === 0) return undefined;
    const waiting = this.#isStanding ? this.#waiting.pop()! : this.#waiting[this.#head++]!;
    this.#settle();
    return waiting;
  }

  /** Those for whom it is too late now leave the line. */
  takeLate(now: number): T[] {
    this.#look(now);
    const { targetMs } = this.#options;
    const isLate = ({ since, deadlineAt }: T): boolean =>
      deadlineAt <= now || (this.#isStanding && now - since > targetMs);
    // Deadlines may differ, so all are looked at; there are at most `maxWaiting`.
    const waiting = this.#waiting.slice(this.#head);
    const late = waiting.filter(isLate);
    if (late.length === 0) return late;
    this.#waiting = waiting.filter((each) => !isLate(each));
    this.#head = 0;
    this.#settle();
    return late;
  }

  /** All leave it. */
  takeAll(): T[] {
    const all = this.#waiting.slice(this.#head);
    this.#waiting = [];
    this.#settle();
    return all;
  }

  #look(now: number): void {
    const { targetMs, intervalMs } = this.#options;
    if (this.delayMs(now) <= targetMs) this.#lateSince = undefined;
    else if (this.#lateSince === undefined) this.#lateSince = now;
    else if (now - this.#lateSince >= intervalMs) this.#isStanding = true;
  }

  #settle(): void {
    if (this.size === 0) {
      this.#waiting = [];
      this.#head = 0;
      this.#isStanding = false;
      this.#lateSince = undefined;
    } else if (this.#head > 1_024) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
  }
}
