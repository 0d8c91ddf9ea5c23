import { type Address, UpstreamConnection } from "./upstream-connection.ts";

export interface ConnectionPoolOptions {
  /** An idle connection is closed after so long, unless the upstream promises to keep it. */
  readonly idleMs: number;
  /** So long before the end of that promise: a request must not meet the upstream as it closes. */
  readonly marginMs: number;
}

export const connectionPoolDefaults: ConnectionPoolOptions = { idleMs: 4_000, marginMs: 1_000 };

/**
 * The connections to one upstream. The one that was used last is used next: it is the one whose window is open and whose
 * memory is near, and those that are not needed become idle long enough to be closed.
 */
export class ConnectionPool {
  readonly #address: Address;
  readonly #options: ConnectionPoolOptions;
  readonly #idle: UpstreamConnection[] = [];
  readonly #open = new Set<UpstreamConnection>();
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

  /** A connection for one request. @param isFresh a new one, whatever there is */
  take(isFresh: boolean): UpstreamConnection {
    const hot = isFresh ? undefined : this.#takeHot();
    if (hot !== undefined) return hot;
    const connection = new UpstreamConnection(this.#address, this.#onClosed);
    this.#open.add(connection);
    return connection;
  }

  /** The request has its whole answer. */
  give(connection: UpstreamConnection): void {
    if (this.#isClosed || !connection.isUsable) {
      connection.destroy();
      return;
    }
    connection.idleAt = performance.now();
    this.#idle.push(connection);
  }

  /** Closes what has been idle for long; the longest idle stand first. @param now as `performance.now()` */
  sweep(now: number): void {
    const { idleMs, marginMs } = this.#options;
    let expired = 0;
    for (const { idleAt, keepAliveMs } of this.#idle) {
      const limitMs = keepAliveMs === 0 ? idleMs : Math.max(0, keepAliveMs - marginMs);
      if (now - idleAt < limitMs) break;
      expired++;
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
