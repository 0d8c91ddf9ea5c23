import { Kysely, PostgresDialect } from "kysely";
import { Pool, types, type PoolConfig } from "pg";
import { assertMigrated } from "./migrate.ts";
import { preparing } from "./prepared.ts";
import type { Schema } from "./schema.ts";

export type Db = Kysely<Schema>;

export interface Database extends AsyncDisposable {
  readonly db: Db;
  /** Rejects when the database cannot be reached or lacks a migration. */
  readonly check: () => Promise<void>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly url: string;
  /** Connections in all: one answers the health check, the rest the requests. Two or more. */
  readonly poolSize: number;
  /** Told of connections that break while nobody uses them; the pool replaces them by itself. */
  readonly onIdleError: (error: Error) => void;
}

/** Ids and counts stay far below 2^53. */
const typeParsers = {
  getTypeParser: (oid: Parameters<typeof types.getTypeParser>[0], format?: "text" | "binary") =>
    oid === types.builtins.INT8 ? Number : types.getTypeParser(oid, format),
};

/** Connects on first use. */
export function openDatabase({ url, poolSize, onIdleError }: DatabaseOptions): Database {
  const common: PoolConfig = { connectionString: url, application_name: "conduit", types: typeParsers };
  const pool = new Pool({
    ...common,
    max: poolSize - 1,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 10_000,
  });
  // A health check that waited behind requests would call a busy instance dead, and make the others busier.
  const health = new Pool({ ...common, max: 1, connectionTimeoutMillis: 2_000, statement_timeout: 2_000 });
  pool.on("error", onIdleError);
  health.on("error", onIdleError);

  let closed: Promise<void> | undefined;
  const close = (): Promise<void> => (closed ??= Promise.all([pool.end(), health.end()]).then(() => undefined));
  return {
    db: new Kysely<Schema>({ dialect: new PostgresDialect({ pool: preparing(pool) }) }),
    check: () => assertMigrated(health),
    close,
    [Symbol.asyncDispose]: close,
  };
}
