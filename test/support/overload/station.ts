import type { Events } from "./events.ts";

/**
 * Servers with one line before them: an instance with one thread (1), a pool of connections (its size), something that only waits (Infinity). Whatever has
 * come is done, also when nobody waits for it any more.
 *
 * It works in turns, as an event loop does: what has come when a turn begins is done in it, and of the connections that wait to be accepted, one is each
 * turn (libuv). With all places full a new connection waits long.
 */
export class Station {
  servers: number;
  /** All work takes so many times as long. */
  slowness = 1;
  readonly #events: Events;
  #busy = 0;
  #line: Task[] = [];
  #first = 0;
  readonly #connecting: Task[] = [];
  /** Of this turn, still to be begun. */
  #ofTurn = 0;

  constructor(servers: number, events: Events) {
    this.servers = servers;
    this.#events = events;
  }

  get backlog(): number {
    return this.#line.length - this.#first;
  }

  /** @param isConnecting it comes by a new connection */
  take(work: number, done: () => void, isConnecting = false): void {
    (isConnecting ? this.#connecting : this.#line).push({ work, done });
    this.#goOn();
  }

  #begin({ work, done }: Task): void {
    this.#busy++;
    this.#events.after(work * this.slowness, () => {
      this.#busy--;
      done();
      this.#goOn();
    });
  }

  #goOn(): void {
    while (this.#busy < this.servers) {
      if (this.#ofTurn === 0) this.#beginTurn();
      if (this.#ofTurn === 0) break;
      this.#ofTurn--;
      this.#begin(this.#line[this.#first++]!);
    }
    if (this.#first < 1_024 || this.#first * 2 < this.#line.length) return;
    this.#line = this.#line.slice(this.#first);
    this.#first = 0;
  }

  #beginTurn(): void {
    const accepted = this.#connecting.shift();
    if (accepted !== undefined) this.#line.push(accepted);
    this.#ofTurn = this.backlog;
  }
}

interface Task {
  readonly work: number;
  readonly done: () => void;
}
