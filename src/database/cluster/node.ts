/**
 * One server: its connections, and what is known of it. It is asked again and again, by a connection of its own that waits in no line; and each new
 * connection tells the same before it is used, so that nothing is believed of a server that was started anew in between.
 */
import type { Client, ClientConfig } from "pg";
import { type Clock, systemClock, withDeadline } from "../../kernel/index.ts";
import { serverSilent } from "../errors.ts";
import { Connection } from "../pool/connection.ts";
import { ConnectionPool, type PoolOptions } from "../pool/pool.ts";
import { readIdentity } from "../pool/server-identity.ts";
import { addIdentity, type NodeFacts } from "./node-facts.ts";

export interface NodeOptions {
  /** `host:port`, for people. */
  readonly name: string;
  readonly client: ClientConfig;
  readonly pool: PoolOptions;
  readonly connectMs: number;
  /** A question to it that is not answered by then makes it silent. */
  readonly answerMs: number;
  /** It keeps a connection of its own for being asked. One that is alone is asked once: there is nothing to choose. */
  readonly isWatched: boolean;
  /** Each new connection that statements are sent on, before the first of them. */
  readonly onConnect: (client: Client) => void;
}

/** Told of whatever may change what others think of it. */
export type OnHeard = (node: DatabaseNode) => void;

export class DatabaseNode {
  readonly name: string;
  readonly pool: ConnectionPool;
  readonly #options: NodeOptions;
  readonly #onHeard: OnHeard;
  readonly #clock: Clock;
  #facts: NodeFacts | undefined;
  #isSilent = false;
  #failure: Error | undefined;
  #watcher: Connection | undefined;
  #asking: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: NodeOptions, onHeard: OnHeard, clock: Clock = systemClock) {
    this.name = options.name;
    this.#options = options;
    this.#onHeard = onHeard;
    this.#clock = clock;
    const onFailure = (error: Error): void => this.suspect(error);
    const open = async (): Promise<Connection> => {
      const connection = await this.#open();
      options.onConnect(connection.client);
      return connection;
    };
    this.pool = new ConnectionPool(options.pool, { open, onFailure }, clock);
  }

  get facts(): NodeFacts | undefined {
    return this.#facts;
  }

  get isSilent(): boolean {
    return this.#isSilent;
  }

  /** Why nothing is known of it, or nothing new. */
  get failure(): Error | undefined {
    return this.#failure;
  }

  /** Statements on it, for each connection that it may have. */
  get load(): number {
    return (this.pool.inUse + this.pool.waiting) / Math.max(1, this.pool.size);
  }

  /** Asks how it is now; whoever asks meanwhile waits for the same answer. Never rejects, and ends in time. */
  ask(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  /** Something met an error that says that something has become of it. */
  suspect(error: Error): void {
    this.#failure = error;
    if (!this.#isStopped) void this.ask();
  }

  /** Whoever is connected is cut off: it must not be used again before it has been heard anew. */
  fence(): void {
    this.pool.destroyAll();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#watcher?.close();
    this.#watcher = undefined;
    await this.pool.stop();
  }

  async #ask(): Promise<void> {
    try {
      await (this.#watcher === undefined || this.#watcher.isBroken ? this.#watch() : this.#lookAgain(this.#watcher));
      this.#isSilent = false;
      this.#failure = undefined;
    } catch (error) {
      this.#watcher?.destroy();
      this.#watcher = undefined;
      this.#isSilent = true;
      this.#failure = error as Error;
    }
    if (!this.#isStopped) this.#onHeard(this);
  }

  async #watch(): Promise<void> {
    const watcher = await this.#open();
    if (this.#isStopped || !this.#options.isWatched) watcher.close();
    else this.#watcher = watcher;
  }

  async #lookAgain({ client }: Connection): Promise<void> {
    const { answerMs } = this.#options;
    const askedAt = this.#clock.monotonic();
    const epoch = this.#facts?.epoch;
    const heard = await withDeadline(readIdentity(client), answerMs, () => serverSilent(this.name, answerMs));
    // Meanwhile a new connection may have found a server that was started anew: then this is from the one before.
    if (this.#facts?.epoch === epoch) this.#facts = addIdentity(this.#facts, heard, { askedAt, isNew: false });
  }

  async #open(): Promise<Connection> {
    const { client, connectMs, name } = this.#options;
    const connection = await Connection.open(client, {
      timeoutMs: connectMs,
      onError: (broken, error) => this.pool.lose(broken, error),
      late: () => serverSilent(name, connectMs),
    });
    this.#facts = addIdentity(this.#facts, connection.identity, { askedAt: connection.askedAt, isNew: true });
    this.#onHeard(this);
    return connection;
  }
}
