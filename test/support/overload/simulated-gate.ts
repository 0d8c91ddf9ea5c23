import type { LoadWindow } from "../../../src/gateway/index.ts";

export interface Waiter {
  readonly rank: number;
  readonly since: number;
  isOver: boolean;
  admit(): void;
  refuse(): void;
}

const ranks = 3;
const queueBound = 1_000;
const queueTimeoutMs = 1_000;

/**
 * A gateway's gate in simulated time: so many at once, who waits goes by rank and then in order, and in a line that stands one does not wait for long.
 */
export class SimulatedGate {
  inFlight = 0;
  shed = 0;
  #limit = Infinity;
  readonly #lines: Waiter[][] = Array.from({ length: ranks }, () => []);
  readonly #standingSince: number[] = Array.from({ length: ranks }, () => -1);
  #window = emptyWindow();
  #entered = 0;
  #met = 0;

  setLimit(limit: number, now: number): void {
    this.#limit = limit;
    this.letIn(now);
  }

  enter(waiter: Waiter, now: number): void {
    if (this.inFlight < this.#limit && this.#waiting() === 0) {
      this.#admit(waiter);
      return;
    }
    this.#window.isContended = true;
    if (this.#waiting() >= queueBound && !this.#displace(waiter.rank)) {
      this.#refuse(waiter);
      return;
    }
    if (this.#lines[waiter.rank]!.length === 0) this.#standingSince[waiter.rank] = now;
    this.#lines[waiter.rank]!.push(waiter);
  }

  leave(now: number): void {
    this.inFlight--;
    this.letIn(now);
  }

  letIn(now: number): void {
    for (const line of this.#lines) {
      while (line.length > 0 && this.inFlight < this.#limit) {
        const waiter = line.shift()!;
        if (waiter.isOver) continue;
        if (now - waiter.since > this.#patience(waiter.rank, now)) this.#refuse(waiter);
        else this.#admit(waiter);
      }
    }
  }

  sweep(now: number): void {
    for (const [rank, line] of this.#lines.entries()) {
      const patience = this.#patience(rank, now);
      while (line.length > 0 && (line[0]!.isOver || now - line[0]!.since > patience)) {
        const waiter = line.shift()!;
        if (!waiter.isOver) this.#refuse(waiter);
      }
      if (line.length === 0) this.#standingSince[rank] = -1;
    }
  }

  answer(ms: number, isQuiet: boolean): void {
    this.#window.answers++;
    this.#window.answeredMs += ms;
    if (!isQuiet) return;
    this.#window.quietAnswers++;
    this.#window.quietMs += ms;
  }

  abandon(ms: number): void {
    this.#window.abandoned++;
    this.#window.abandonedMs += ms;
  }

  fail(): void {
    this.#window.failures++;
  }

  take(at: Pick<LoadWindow, "now" | "durationMs" | "upstreams">): LoadWindow {
    const meanInFlight = this.#entered === 0 ? this.inFlight : this.#met / this.#entered;
    const maxInFlight = Math.max(this.#window.maxInFlight, this.inFlight);
    const isContended = this.#window.isContended || this.#waiting() > 0;
    const window = { ...this.#window, ...at, meanInFlight, maxInFlight, isContended };
    this.#window = emptyWindow();
    this.#entered = this.#met = 0;
    return window;
  }

  #waiting(): number {
    return this.#lines[0]!.length + this.#lines[1]!.length + this.#lines[2]!.length;
  }

  #patience(rank: number, now: number): number {
    const since = this.#standingSince[rank]!;
    const standingMs = since < 0 ? 0 : now - since;
    if (rank === 0) return standingMs > 2 * queueTimeoutMs ? queueTimeoutMs / 4 : queueTimeoutMs;
    return standingMs > queueTimeoutMs / 2 ? queueTimeoutMs / 10 : queueTimeoutMs;
  }

  #displace(rank: number): boolean {
    for (let lower = ranks - 1; lower > rank; lower--) {
      const last = this.#lines[lower]!.pop();
      if (last === undefined) continue;
      if (!last.isOver) this.#refuse(last);
      return true;
    }
    return false;
  }

  #admit(waiter: Waiter): void {
    this.inFlight++;
    this.#entered++;
    this.#met += this.inFlight;
    if (this.inFlight > this.#window.maxInFlight) this.#window.maxInFlight = this.inFlight;
    waiter.admit();
  }

  #refuse(waiter: Waiter): void {
    this.shed++;
    waiter.isOver = true;
    waiter.refuse();
  }
}

type Writable<T> = { -readonly [K in keyof T]: T[K] };

function emptyWindow(): Writable<Omit<LoadWindow, "now" | "durationMs" | "upstreams" | "meanInFlight">> {
  return {
    answers: 0,
    answeredMs: 0,
    quietAnswers: 0,
    quietMs: 0,
    abandoned: 0,
    abandonedMs: 0,
    failures: 0,
    maxInFlight: 0,
    isContended: false,
  };
}
