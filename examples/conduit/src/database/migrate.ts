/**
 * Migrations are the numbered files beside this one: forward only, each once, in order. Every instance migrates as it
 * starts; an advisory lock lets one do it while the others wait for it and then find nothing to do. All that is pending
 * is one transaction, so a migration that fails leaves the database as it was.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Client, type ClientBase, type Pool } from "pg";

interface Migration {
  readonly version: number;
  readonly name: string;
}

const folder = join(import.meta.dirname, "migrations");
/** "conduit" in ASCII, for every instance must ask for the same lock. */
const lockKey = 0x63_6f_6e_64_75_69n;
const lockTimeoutMs = 60_000;

const migrations: readonly Migration[] = readdirSync(folder)
  .filter((file) => file.endsWith(".sql"))
  .toSorted()
  .map((name) => ({ version: Number.parseInt(name, 10), name }));

/** @returns the names of the migrations that were applied, in order. */
export async function migrate(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url, application_name: "conduit migrate" });
  await client.connect();
  try {
    return await applyPending(client);
  } finally {
    await client.end();
  }
}

async function applyPending(client: ClientBase): Promise<string[]> {
  await client.query("begin");
  try {
    await client.query(`set local lock_timeout = ${lockTimeoutMs}`);
    await client.query("select pg_advisory_xact_lock($1)", [lockKey]);
    await client.query(`
      create table if not exists schema_migrations (
        version integer primary key,
        name text not null,
        applied_at timestamptz not null default now()
      )`);
    const { rows } = await client.query<{ version: number }>("select version from schema_migrations");
    const applied = new Set(rows.map((row) => row.version));
    const pending = migrations.filter(({ version }) => !applied.has(version));
    for (const { version, name } of pending) {
      await client.query(readFileSync(join(folder, name), "utf8"));
      await client.query("insert into schema_migrations (version, name) values ($1, $2)", [version, name]);
    }
    await client.query("commit");
    return pending.map(({ name }) => name);
  } catch (error) {
    // What broke the transaction is the news; that the rollback failed as well is not.
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

/** Rejects unless every migration this code knows is applied. One that it does not know is a newer instance's. */
export async function assertMigrated(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ version: number }>({
    name: "conduit_applied",
    text: "select version from schema_migrations",
  });
  const applied = new Set(rows.map((row) => row.version));
  const missing = migrations.filter(({ version }) => !applied.has(version));
  if (missing.length > 0) throw new Error(`migrations are missing: ${missing.map(({ name }) => name).join(", ")}`);
}
