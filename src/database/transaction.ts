/**
 * A transaction around a function: begun, committed, or rolled back when the function throws; and run again as a whole when the server says that it could not be
 * serialised, or that it was the victim of a deadlock, as both are meant to be.
 */
import type { QueryResult, QueryResultRow } from "pg";
import { backoffMs, type Clock, codeOf, systemClock } from "../kernel/index.ts";
import { transactionOver } from "./errors.ts";
import type { Query, Queryable } from "./query.ts";
import type { RoutedClient } from "./routing/routed-client.ts";

export interface TransactionOptions {
  /** Default: the server's, `read committed` unless it was changed. */
  readonly isolation?: "read committed" | "repeatable read" | "serializable";
  /** How often it is run again. Default 3. */
  readonly retries?: number;
  /** It may run on a replica, as reads do. Default `false`. */
  readonly readOnly?: boolean;
}

/** What the function is given. A query after the transaction is over is refused. */
export interface Transaction extends Queryable {
  /** Within this one, by a savepoint: what throws undoes this part alone. */
  transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T>;
}

const defaultRetries = 3;
/** serialization_failure, deadlock_detected. */
const worthAnotherTry = new Set(["40001", "40P01"]);
const pauses = { baseMs: 5, maxMs: 500 };

export async function runTransaction<T>(
  connect: () => RoutedClient,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions = {},
  clock: Clock = systemClock,
): Promise<T> {
  const { retries = defaultRetries } = options;
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(connect(), work, options);
    } catch (error) {
      if (attempt > retries || !worthAnotherTry.has(codeOf(error) ?? "")) throw error;
      await clock.sleep(backoffMs(attempt, pauses));
    }
  }
}

async function runOnce<T>(
  client: RoutedClient,
  work: (tx: Transaction) => Promise<T>,
  options: TransactionOptions,
): Promise<T> {
  const scope = new Scope(client, 0);
  try {
    await client.query(beginOf(options));
    const value = await work(scope);
    scope.end();
    await client.query("commit");
    client.release();
    return value;
  } catch (error) {
    scope.end();
    // On the primary or not at all: what was not begun needs no end.
    const isOpen = client.getTransactionStatus() === "T" || client.getTransactionStatus() === "E";
    const undone = isOpen ? await ask(client, "rollback") : true;
    client.release(!undone);
    throw error;
  }
}

function beginOf({ isolation, readOnly }: TransactionOptions): string {
  return [
    "begin",
    ...(isolation === undefined ? [] : [`isolation level ${isolation}`]),
    ...(readOnly === true ? ["read only"] : []),
  ].join(" ");
}

class Scope implements Transaction {
  readonly #client: RoutedClient;
  readonly #depth: number;
  #isOver = false;

  constructor(client: RoutedClient, depth: number) {
    this.#client = client;
    this.#depth = depth;
  }

  end(): void {
    this.#isOver = true;
  }

  async query<Row extends QueryResultRow = QueryResultRow>(
    query: string | Query,
    values?: readonly unknown[],
  ): Promise<QueryResult<Row>> {
    if (this.#isOver) throw transactionOver();
    return (await this.#client.query(query, values)) as QueryResult<Row>;
  }

  async transaction<T>(work: (tx: Transaction) => Promise<T>): Promise<T> {
    const name = `tenfold_${this.#depth + 1}`;
    await this.query(`savepoint ${name}`);
    const inner = new Scope(this.#client, this.#depth + 1);
    try {
      const value = await work(inner);
      inner.end();
      await this.query(`release savepoint ${name}`);
      return value;
    } catch (error) {
      inner.end();
      if (!this.#isOver) await ask(this.#client, `rollback to savepoint ${name}; release savepoint ${name}`);
      throw error;
    }
  }
}

/** @returns whether it was done */
async function ask(client: RoutedClient, text: string): Promise<boolean> {
  return (client.query(text) as Promise<unknown>).then(
    () => true,
    () => false,
  );
}
