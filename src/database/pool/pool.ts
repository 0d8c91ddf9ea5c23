/**
 * The connections to one server, and who waits for one. There are never more than `size`, which may change at any time; opening ones count. Whoever comes
 * takes an idle one at once, or waits in line ({@link WaitLine}); a connection that becomes free goes to the next in line, whoever it was opened for.
 */
import { type Clock, systemClock } from "../../kernel/index.ts";
import { poolFull, poolLate, poolStopped } from "../errors.ts";
import type { Connection } from "./connection.ts";
import { type LineOptions, type Waiting, WaitLine } from "./wait-line.ts";

export interface Taker extends Waiting {
  onConnection(connection: Connection): void;
  /** It was never begun. */
  onRefused(error: Error): void;
}

export interface PoolOptions extends LineOptions {
  /** Most connections at once. */
  readonly size: number;
  /** One that nobody has used for so long is closed. */
  readonly idleMs: number;
  /** One that is older is closed when it is given back, so that servers behind one name get their share. 0: never. */
  readonly maxLifetimeMs: number;
}

export interface PoolDeps {
  readonly open: () => Promise<Connection>;
  /** An idle connection broke, or none could be opened. */
  readonly onFailure: (error: Error) => void;
}

export interface PoolFigures {
  readonly size: number;
  readonly open: number;
  readonly idle: number;
  readonly waiting: number;
  /** Since it was made. */
  readonly refused: number;
  readonly isStanding: boolean;
}

const lookEveryMs = 25;

export class ConnectionPool {
  readonly #options: PoolOptions;
  readonly #deps: PoolDeps;
  readonly #clock: Clock;
  readonly #line: WaitLine<Taker>;
  readonly #all = new Set<Connection>();
  /** The one used last is used next: so those that are not needed become old. */
  readonly #idle: Connection[] = [];
  #size: number;
  #opening = 0;
  #refused = 0;
  #isStopped = false;
  #timer: NodeJS.Timeout | undefined;
  #timerMs = 0;
  #onEmpty: (() => void) | undefined;

  constructor(options: PoolOptions, deps: PoolDeps, clock: Clock = systemClock) {
    this.#options = options;
    this.#deps = deps;
    this.#clock = clock;
    this.#line = new WaitLine(options);
    this.#size = options.size;
  }

  /** Calls back at once if a connection is idle. */
  take(taker: Taker): void {
    if (this.#isStopped) return taker.onRefused(poolStopped());
    const idle = this.#line.size === 0 ? this.#takeIdle() : undefined;
    if (idle !== undefined) return taker.onConnection(idle);
    if (!this.#line.add(taker)) {
      this.#refused++;
      return taker.onRefused(poolFull(this.#line.size, this.#size));
    }
    this.#openSome();
    this.#watch();
  }

  /** He has found another way, or gives up. */
  leave(taker: Taker): void {
    this.#line.remove(taker);
  }

  /** @param isSound `false`: nobody may use it again */
  release(connection: Connection, isSound = true): void {
    if (!isSound && !connection.isBroken) connection.destroy();
    const { maxLifetimeMs } = this.#options;
    const isOld = maxLifetimeMs > 0 && this.#clock.monotonic() - connection.openedAt > maxLifetimeMs;
    if (connection.isBroken || isOld || this.#isStopped || this.#all.size + this.#opening > this.#size) {
      this.#drop(connection);
      this.#openSome();
      return;
    }
    const next = this.#next();
    if (next !== undefined) return next.onConnection(connection);
    connection.isIdle = true;
    connection.idleSince = this.#clock.monotonic();
    this.#idle.push(connection);
    this.#watch();
  }

  /** More are opened as they are needed; those that are too many are closed when they are given back, idle ones now. */
  resize(size: number): void {
    this.#size = size;
    while (this.#all.size + this.#opening > size && this.#idle.length > 0) this.#drop(this.#idle.shift()!);
    this.#openSome();
  }

  /** The server is gone, or must not be written to any more. Who waits goes on waiting, for a new connection. */
  destroyAll(): void {
    for (const connection of this.#all) {
      connection.destroy();
      if (connection.isIdle) this.#drop(connection);
    }
  }

  /** An idle connection broke. */
  lose(connection: Connection, error: Error): void {
    if (!connection.isIdle) return;
    this.#drop(connection);
    this.#deps.onFailure(error);
  }

  /** Who waits is refused; resolves when every connection has been given back and closed. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#refuse(this.#line.takeAll(), () => poolStopped());
    while (this.#idle.length > 0) this.#drop(this.#idle.pop()!);
    clearTimeout(this.#timer);
    if (this.#all.size + this.#opening === 0) return;
    await new Promise<void>((resolve) => (this.#onEmpty = resolve));
  }

  figures(): PoolFigures {
    return {
      size: this.#size,
      open: this.#all.size,
      idle: this.#idle.length,
      waiting: this.#line.size,
      refused: this.#refused,
      isStanding: this.#line.isStanding,
    };
  }

  get size(): number {
    return this.#size;
  }

  get inUse(): number {
    return this.#all.size - this.#idle.length;
  }

  get waiting(): number {
    return this.#line.size;
  }

  #takeIdle(): Connection | undefined {
    const connection = this.#idle.pop();
    if (connection !== undefined) connection.isIdle = false;
    return connection;
  }

  #next(): Taker | undefined {
    this.#refuseLate();
    return this.#line.next();
  }

  #refuseLate(): void {
    const now = this.#clock.monotonic();
    this.#refuse(this.#line.takeLate(now), ({ since }) => poolLate(now - since, this.#size));
  }

  #refuse(takers: readonly Taker[], why: (taker: Taker) => Error): void {
    this.#refused += takers.length;
    for (const taker of takers) taker.onRefused(why(taker));
  }

  #openSome(): void {
    while (!this.#isStopped && this.#opening < this.#line.size && this.#all.size + this.#opening < this.#size) {
      this.#opening++;
      void this.#open();
    }
  }

  async #open(): Promise<void> {
    try {
      const connection = await this.#deps.open();
      this.#opening--;
      this.#all.add(connection);
      this.release(connection);
    } catch (error) {
      this.#opening--;
      // Those who wait may be served by others; where there are none, there is nothing to wait for.
      if (this.#all.size === 0 && this.#opening === 0)
        for (const taker of this.#line.takeAll()) taker.onRefused(error as Error);
      this.#deps.onFailure(error as Error);
      this.#endIfEmpty();
    }
  }

  #drop(connection: Connection): void {
    const place = connection.isIdle ? this.#idle.indexOf(connection) : -1;
    if (place >= 0) this.#idle.splice(place, 1);
    this.#all.delete(connection);
    if (!connection.isBroken) connection.close();
    this.#endIfEmpty();
  }

  #endIfEmpty(): void {
    if (this.#all.size + this.#opening === 0) this.#onEmpty?.();
  }

  /** While somebody waits, often; while connections are idle, now and then. It keeps no process alive. */
  #watch(): void {
    if (this.#isStopped || (this.#line.size === 0 && this.#idle.length === 0)) return;
    const inMs = this.#line.size > 0 ? lookEveryMs : this.#options.idleMs / 4;
    if (this.#timer !== undefined && this.#timerMs <= inMs) return;
    clearTimeout(this.#timer);
    this.#timerMs = inMs;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#refuseLate();
      this.#closeIdle();
      this.#watch();
    }, inMs).unref();
  }

  #closeIdle(): void {
    const before = this.#clock.monotonic() - this.#options.idleMs;
    while (this.#idle.length > 0 && this.#idle[0]!.idleSince < before) this.#drop(this.#idle[0]!);
  }
}
