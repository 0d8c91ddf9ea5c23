import type { Events } from "./events.ts";

/**
 * Servers with one line before them: an instance with one thread (1), a pool of connections (its size), something that only waits (Infinity). Whatever has
 * come is done, also when nobody waits for it any more.
 */
export class Station {
  servers: number;
  /** All work takes so many times as long. */
  slowness = 1;
  readonly #events: Events;
  #busy = 0;
  #line: { readonly work: number; readonly done: () => void }[] = [];
  #first = 0;

  constructor(servers: number, events: Events) {
    this.servers = servers;
    this.#events = events;
  }

  get backlog(): number {
    return this.#line.length - this.#first;
  }

  take(work: number, done: () => void): void {
    if (this.#busy < this.servers) this.#begin(work, done);
    else this.#line.push({ work, done });
  }

  #begin(work: number, done: () => void): void {
    this.#busy++;
    this.#events.after(work * this.slowness, () => {
      this.#busy--;
      done();
      this.#goOn();
    });
  }

  #goOn(): void {
    while (this.#busy < this.servers && this.#first < this.#line.length) {
      const { work, done } = this.#line[this.#first++]!;
      this.#begin(work, done);
    }
    if (this.#first < 1_024 || this.#first * 2 < this.#line.length) return;
    this.#line = this.#line.slice(this.#first);
    this.#first = 0;
  }
}
