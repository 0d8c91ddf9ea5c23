/**
 * Runs what has not run yet. One process at a time, by an advisory lock on a connection of its own, which the server lets go of when that is gone. Each migration
 * is a transaction, in which its row is written, too: it is done and known to be done, or neither. What cannot run in one (`create index concurrently`) says so in its
 * first lines, `-- tenfold: no transaction`; its row is there before it begins, and it is done again if it did not end.
 *
 * A migration that waits for a lock holds up everyone who comes to that table after it. So it waits for a short while, lets go, and tries again.
 */
import { pathToFileURL } from "node:url";
import { type Clock, codeOf, systemClock } from "../../kernel/index.ts";
import type { Queryable } from "../query.ts";
import { parseStatements } from "../statements/parser.ts";
import { lockTimedOut, migrationFailed, noFunction } from "./errors.ts";
import { isOutsideTransaction, type MigrationFile } from "./migration-file.ts";
import { type AppliedMigration, planMigrations } from "./plan-migrations.ts";

/** A connection to the primary that is nobody else's. */
export type MigrationClient = Queryable;

export interface MigrateOptions {
  /** As long as another process may take that migrates at the same time. */
  readonly waitMs: number;
  /** For a lock on a table, each time. */
  readonly lockMs: number;
  readonly lockTries: number;
  readonly onProgress: (message: string) => void;
}

export const migrateDefaults = { waitMs: 600_000, lockMs: 3_000, lockTries: 10, onProgress: (): void => {} };

/** Says "tenfold migrations" in numbers: nobody else has it by chance. */
const lockKey = [1_952_804_454, 1_835_626_087] as const;
const lockNotAvailable = "55P03";
const pauseMs = 1_000;

/** @returns what was run. @throws MIGRATION_…, MIGRATIONS_LOCKED */
export async function migrate(
  client: MigrationClient,
  files: readonly MigrationFile[],
  options: Partial<MigrateOptions> = {},
  clock: Clock = systemClock,
): Promise<readonly MigrationFile[]> {
  const settings = { ...migrateDefaults, ...options };
  await lock(client, settings, clock);
  try {
    await client.query(createTable);
    const pending = planMigrations(files, await readApplied(client));
    for (const file of pending) {
      settings.onProgress(`${file.number} ${file.name}`);
      await run(client, file, settings, clock);
    }
    return pending;
  } finally {
    await client.query("select pg_advisory_unlock($1, $2)", [...lockKey]);
  }
}

const createTable = `
  create table if not exists tenfold_migrations (
    number integer primary key, name text not null, checksum text not null,
    applied_at timestamptz not null default now(), took_ms integer, finished boolean not null)`;

/** In the order of their numbers; none, where nothing was ever migrated. */
export async function readApplied(client: Queryable): Promise<readonly AppliedMigration[]> {
  const { rows: there } = await client.query("select to_regclass('tenfold_migrations') is not null as is_there");
  if (there[0]!["is_there"] !== true) return [];
  const { rows } = await client.query<AppliedMigration>(
    `select number, name, checksum, applied_at as "appliedAt", coalesce(took_ms, 0) as "tookMs", not finished as "isUnfinished"
       from tenfold_migrations order by number`,
  );
  return rows;
}

async function lock(client: Queryable, { waitMs, onProgress }: MigrateOptions, clock: Clock): Promise<void> {
  const from = clock.monotonic();
  for (let hasTold = false; ; hasTold = true) {
    const { rows } = await client.query<{ is_ours: boolean }>("select pg_try_advisory_lock($1, $2) as is_ours", [
      ...lockKey,
    ]);
    if (rows[0]!.is_ours) return;
    const waitedMs = clock.monotonic() - from;
    if (waitedMs >= waitMs) throw lockTimedOut(waitedMs);
    if (!hasTold) onProgress("waiting for another process that migrates");
    await clock.sleep(pauseMs);
  }
}

async function run(client: Queryable, file: MigrationFile, options: MigrateOptions, clock: Clock): Promise<void> {
  const isTransaction = !isOutsideTransaction(file);
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query("select set_config('lock_timeout', $1, false)", [`${options.lockMs}ms`]);
      return await (isTransaction ? runInside(client, file) : runOutside(client, file));
    } catch (error) {
      if (isTransaction) await client.query("rollback");
      if (codeOf(error) !== lockNotAvailable || attempt >= options.lockTries)
        throw migrationFailed(file, error, isTransaction);
      options.onProgress(`${file.number} ${file.name}: somebody holds a lock; trying again`);
      await clock.sleep(pauseMs);
    } finally {
      await client.query("reset lock_timeout");
    }
  }
}

async function runInside(client: Queryable, file: MigrationFile): Promise<void> {
  const from = performance.now();
  await client.query("begin");
  await execute(client, file);
  await client.query(
    "insert into tenfold_migrations (number, name, checksum, took_ms, finished) values ($1, $2, $3, $4, true)",
    [file.number, file.name, file.checksum, Math.round(performance.now() - from)],
  );
  await client.query("commit");
}

async function runOutside(client: Queryable, file: MigrationFile): Promise<void> {
  const from = performance.now();
  const { number, name, checksum } = file;
  await client.query(
    `insert into tenfold_migrations (number, name, checksum, finished) values ($1, $2, $3, false)
       on conflict (number) do update set name = excluded.name, checksum = excluded.checksum`,
    [number, name, checksum],
  );
  await execute(client, file);
  await client.query(
    "update tenfold_migrations set finished = true, applied_at = now(), took_ms = $2 where number = $1",
    [number, Math.round(performance.now() - from)],
  );
}

async function execute(client: Queryable, file: MigrationFile): Promise<void> {
  if (file.kind === "sql") {
    // Several statements in one text would be one transaction; so would be whatever they begin and end themselves.
    const parts = isOutsideTransaction(file)
      ? (await parseStatements(file.content)).map(({ text }) => text)
      : [file.content];
    for (const part of parts) await client.query(part);
    return;
  }
  const module = (await import(pathToFileURL(file.path).href)) as { readonly up?: unknown };
  if (typeof module.up !== "function") throw noFunction(file.path);
  await (module.up as (client: Queryable) => Promise<unknown>)(client);
}
