import type { AnswerTaker } from "./answer-taker.ts";
import { type Address, UpstreamConnection } from "./upstream-connection.ts";

export interface ConnectionPoolOptions {
  /** An idle connection is closed after so long, unless the upstream promises to keep it. */
  readonly idleMs: number;
  /** So long before the end of that promise: a request must not meet the upstream as it closes. */
  readonly marginMs: number;
  /** At most so many requests are written to a connection at once. */
  readonly maxDepth: number;
}

export const connectionPoolDefaults: ConnectionPoolOptions = { idleMs: 4_000, marginMs: 1_000, maxDepth: 8 };

/**
 * The connections to one upstream. The one that was used last is used next: it is the one whose window is open and whose
 * memory is near, and those that are not needed become idle long enough to be closed.
 *
 * Requests that come in one turn of the event loop may share a connection (`sendShared`): they are written at once when the turn
 * is over, which spares both ends a system call for each. A connection that waits for an answer takes no further request.
 */
export class ConnectionPool {
  readonly #address: Address;
  readonly #options: ConnectionPoolOptions;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
  /** What the requests of this turn are put on, until it is full. */
  #shared: UpstreamConnection | undefined = undefined;
  readonly #unflushed: UpstreamConnection[] = [];
  #isClosed = false;

  constructor(address: Address, options: Partial<ConnectionPoolOptions> = {}) {
    this.#address = address;
    this.#options = { ...connectionPoolDefaults, ...options };
  }

  /** Open or opening. */
  get size(): number {
    return this.#open.size;
  }

  /** Open. */
  get connected(): number {
    let connected = 0;
    for (const { isPending } of this.#open) if (!isPending) connected++;
    return connected;
  }

  /** Sends a request, whole or its beginning, on a connection of its own. @param isFresh on a new one */
  send(taker: AnswerTaker, text: string, isFresh: boolean): UpstreamConnection {
    const connection = (isFresh ? undefined : this.#takeHot()) ?? this.#connect();
    connection.send(taker, text);
    return connection;
  }

  /** Sends a whole request that is safe to repeat, with others of this turn. */
  sendShared(taker: AnswerTaker, text: string): UpstreamConnection {
    let connection = this.#shared;
    if (connection === undefined || connection.depth >= this.#options.maxDepth || !connection.isUsable) {
      connection = this.#takeHot();
      if (connection === undefined) return this.send(taker, text, true);
      this.#shared = connection;
      this.#unflushed.push(connection);
      if (this.#unflushed.length === 1) flushAtEndOfTurn(this);
    }
    connection.enqueue(taker, text);
    return connection;
  }

  /** Writes what was put on shared connections. */
  flush(): void {
    this.#shared = undefined;
    for (const connection of this.#unflushed.splice(0)) connection.flush();
  }

  /** The request has its whole answer, or has been given up. */
  give(connection: UpstreamConnection): void {
    if (connection.depth > 0) return;
    if (this.#isClosed || !connection.isUsable) {
      connection.destroy();
      return;
    }
    connection.idleAt = 0;
    this.#idle.push(connection);
  }

  /** Closes what has been idle for long; the longest idle stand first. @param now as `performance.now()` */
  sweep(now: number): void {
    const { idleMs, marginMs } = this.#options;
    let expired = 0;
    for (const [i, connection] of this.#idle.entries()) {
      if (connection.idleAt === 0) connection.idleAt = now;
      const { idleAt, keepAliveMs } = connection;
      const limitMs = keepAliveMs === 0 ? idleMs : Math.max(0, keepAliveMs - marginMs);
      if (now - idleAt >= limitMs && expired === i) expired++;
    }
    if (expired > 0) for (const connection of this.#idle.splice(0, expired)) connection.destroy();
  }

  /** Closes idle connections now, those in use when they are free. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) connection.destroy();
  }

  /** Closes all connections at once. */
  destroy(): void {
    this.close();
    for (const connection of this.#open) connection.destroy();
  }

  #connect(): UpstreamConnection {
    const connection = new UpstreamConnection(this.#address, this.#onClosed);
    this.#open.add(connection);
    return connection;
  }

  #takeHot(): UpstreamConnection | undefined {
    for (;;) {
      const connection = this.#idle.pop();
      if (connection?.isUsable !== false) return connection;
    }
  }

  readonly #onClosed = (connection: UpstreamConnection): void => {
    this.#open.delete(connection);
  };
}

/** All pools have the ends of their turns together: one callback of the event loop, whatever their number. */
let unflushed: ConnectionPool[] = [];

function flushAtEndOfTurn(pool: ConnectionPool): void {
  if (unflushed.push(pool) === 1) setImmediate(flushAll);
}

function flushAll(): void {
  const pools = unflushed;
  unflushed = [];
  for (const pool of pools) pool.flush();
}
