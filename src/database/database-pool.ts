/**
 * The database as an app has it: a `pg.Pool` in all that is asked of one, which knows primaries and replicas.
 *
 * How a text is routed is decided once and remembered; until it is decided it goes to the primary, which is always right. What an app says is a read (`read`)
 * need not be decided.
 */
import { EventEmitter } from "node:events";
import type { QueryResult } from "pg";
import type { Cluster } from "./cluster/cluster.ts";
import type { DatabaseNode } from "./cluster/node.ts";
import type { Consistency } from "./consistency.ts";
import { noPrimary, poolStopped, readWrites } from "./errors.ts";
import type { Position } from "./lsn.ts";
import { Reader } from "./reader.ts";
import { isSubmittable, readArguments } from "./routing/query-arguments.ts";
import { RoutedClient } from "./routing/routed-client.ts";
import type { Router } from "./routing/router.ts";
import type { Outcome } from "./routing/sent-statement.ts";
import { SessionContext } from "./sessions/context.ts";
import { Session } from "./sessions/session.ts";
import type { Token, TokenSeal } from "./sessions/token.ts";
import { harmlessFunctions } from "./statements/function-book.ts";
import type { StatementTraits } from "./statements/traits.ts";
import { runTransaction, type Transaction, type TransactionOptions } from "./transaction.ts";

export interface DatabaseParts {
  readonly router: Router;
  readonly seal: TokenSeal;
  readonly read: Consistency;
  readonly timeoutMs: number;
}

export class DatabasePool extends EventEmitter {
  readonly read: Reader;
  readonly #parts: DatabaseParts;
  readonly #context = new SessionContext(new Session<DatabaseNode>());
  #starting: Promise<void> | undefined;
  #isStarted = false;
  #ending: Promise<void> | undefined;
  #hasEnded = false;

  constructor(parts: DatabaseParts) {
    super();
    this.#parts = parts;
    this.read = new Reader((consistency, query, values) => this.#read(consistency, query, values));
  }

  /** As pg's pool: a text or a config, values, and a callback instead of the promise; or what submits itself. */
  query(query: unknown, values?: unknown, callback?: unknown): unknown {
    if (isSubmittable(query)) return this.#submit(query);
    const asked = readArguments(query, values, callback);
    if (asked.callback === undefined) {
      return new Promise((resolve, reject) => {
        this.#run(asked, (error, result) => (error === undefined ? resolve(result) : reject(error)));
      });
    }
    const done = asked.callback;
    this.#run(asked, (error, result) => done(error ?? null, result));
    return undefined;
  }

  /** A client of its own, which takes a connection with its first statement. Resolves when there is a server. */
  connect(
    callback?: (
      error: Error | undefined,
      client: RoutedClient | undefined,
      release: (error?: Error | boolean) => void,
    ) => void,
  ): Promise<RoutedClient> | undefined {
    const connecting = this.#connect();
    if (callback === undefined) return connecting;
    hand(connecting, (error, client) => callback(error, client, (failure) => client?.release(failure)));
    return undefined;
  }

  /** Begins, runs, commits; rolls back when it throws. Serialisation failures and deadlocks are tried again. */
  async transaction<T>(work: (tx: Transaction) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    await this.#ready();
    return runTransaction(() => this.#client(), work, options);
  }

  /**
   * Runs something as a session: it reads what it has written. Goes on from `token`, if that is one of ours.
   */
  session<T>(work: () => T, token?: string): T {
    const session = new Session<DatabaseNode>();
    this.#follow(session, token);
    return this.#context.run(session, work);
  }

  /** What is called later, by whomever, belongs to the session that is under way now. */
  bind<T>(work: () => T): () => T {
    const { begun } = this.#context;
    return begun === undefined ? work : () => this.#context.run(begun, work);
  }

  /** From here on this session reads what the token's owner has written. What is no token of ours, or of another database, is ignored: `false`. */
  follow(token: string): boolean {
    return this.#follow(this.#context.current, token);
  }

  /** Of what this session has written; `undefined`: nothing, as far as anybody needs to know. */
  token(): string | undefined {
    const { written } = this.#context.current.mustSee;
    const { system } = this.#parts.router.cluster;
    if (written === undefined || written === "lost" || system === undefined) return undefined;
    return this.#parts.seal.seal({ system, ...written });
  }

  /** Whether something was written in the session that is under way. */
  get hasWritten(): boolean {
    return this.#context.current.hasWritten;
  }

  end(callback?: () => void): Promise<void> | undefined {
    this.#ending ??= this.#parts.router.cluster.stop().then(() => void (this.#hasEnded = true));
    if (callback === undefined) return this.#ending;
    hand(this.#ending, callback);
    return undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  get cluster(): Cluster {
    return this.#parts.router.cluster;
  }

  get ending(): boolean {
    return this.#ending !== undefined;
  }
  get ended(): boolean {
    return this.#hasEnded;
  }
  get totalCount(): number {
    return this.#sum(({ open }) => open);
  }
  get idleCount(): number {
    return this.#sum(({ idle }) => idle);
  }
  get waitingCount(): number {
    return this.#sum(({ waiting }) => waiting);
  }
  get expiredCount(): number {
    return 0;
  }
  /** What some libraries look at. */
  get options(): { readonly max: number } {
    return { max: this.cluster.nodes[0]!.pool.size };
  }

  #sum(of: (figures: ReturnType<DatabaseNode["pool"]["figures"]>) => number): number {
    return this.cluster.nodes.reduce((sum, { pool }) => sum + of(pool.figures()), 0);
  }

  #run(
    asked: ReturnType<typeof readArguments>,
    onDone: (error: Error | undefined, result: Outcome["result"]) => void,
  ): void {
    if (!this.#isStarted || this.#ending !== undefined) {
      this.#ready().then(
        () => this.#run(asked, onDone),
        (error: Error) => onDone(error, undefined as never),
      );
      return;
    }
    const { config, timeoutMs = this.#parts.timeoutMs, signal } = asked;
    const session = this.#context.current;
    const run = (traits: StatementTraits): void =>
      this.#parts.router.run({
        config,
        isRead: traits.access === "read",
        needsSession: traits.needsSession,
        isDeclaredRead: false,
        consistency: this.#parts.read,
        session,
        timeoutMs,
        signal,
        onDone,
      });
    const traits = this.#traitsOf(config.text);
    if (traits instanceof Promise) void traits.then(run);
    else run(traits);
  }

  async #read(consistency: Consistency | undefined, query: unknown, values: unknown): Promise<QueryResult> {
    const { config, timeoutMs = this.#parts.timeoutMs, signal } = readArguments(query, values, undefined);
    await this.#ready();
    const session = this.#context.current;
    // What is known to write is refused, what is not known is believed.
    const traits = await this.#traitsOf(config.text);
    if (traits.changes) throw readWrites(config.text);
    return new Promise((resolve, reject) => {
      this.#parts.router.run({
        config,
        isRead: true,
        needsSession: false,
        isDeclaredRead: true,
        consistency: consistency ?? this.#parts.read,
        session,
        timeoutMs,
        signal,
        onDone: (error, result) => (error === undefined ? resolve(result as QueryResult) : reject(error)),
      });
    });
  }

  async #connect(): Promise<RoutedClient> {
    await this.#ready();
    const client = this.#client();
    this.emit("acquire", client);
    return client;
  }

  #client(): RoutedClient {
    const { router, read, timeoutMs } = this.#parts;
    const client: RoutedClient = new RoutedClient({
      router,
      consistency: read,
      session: this.#context.current,
      timeoutMs,
      traitsOf: (text) => this.#traitsOf(text),
      onRelease: (error) => void this.emit("release", error, client),
    });
    return client;
  }

  #submit(query: { submit(connection: unknown): unknown }): unknown {
    throw new TypeError(`a ${query.constructor.name} needs a client: \`const client = await db.connect()\``);
  }

  #traitsOf(text: string): StatementTraits | Promise<StatementTraits> {
    const { book } = this.#parts.router;
    return book.find(text) ?? book.learn(text, (names) => this.#askHarmless(names));
  }

  async #askHarmless(names: readonly string[]): Promise<readonly string[]> {
    const { rows } = await this.#read("any", harmlessFunctions, [names]);
    return rows.map(({ name }) => name as string);
  }

  #follow(session: Session<DatabaseNode>, text: string | undefined): boolean {
    const token: Token | undefined = text === undefined ? undefined : this.#parts.seal.open(text);
    if (token === undefined) return false;
    const { cluster } = this.#parts.router;
    if (cluster.system !== undefined && cluster.system !== token.system) return false;
    const position: Position = { timeline: token.timeline, lsn: token.lsn };
    cluster.heed(position);
    session.follow(position);
    return true;
  }

  /** The first time: until a server has been heard. */
  #ready(): Promise<void> {
    if (this.#ending !== undefined) return Promise.reject(poolStopped());
    this.#starting ??= this.#start();
    return this.#starting;
  }

  async #start(): Promise<void> {
    const { cluster } = this.#parts.router;
    try {
      await cluster.start();
      const failed = cluster.nodes.find(({ failure }) => failure !== undefined);
      if (cluster.nodes.every(({ facts }) => facts === undefined)) throw failed?.failure ?? noPrimary(0, []);
      this.#isStarted = true;
    } catch (error) {
      // Whoever asks next tries anew.
      this.#starting = undefined;
      throw error;
    }
  }
}

/** To those who have given a callback. */
function hand<T>(promise: Promise<T>, to: (error: Error | undefined, value: T | undefined) => void): void {
  promise.then(
    (value) => to(undefined, value),
    (error: Error) => to(error, undefined),
  );
}
