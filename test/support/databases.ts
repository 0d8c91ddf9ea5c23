import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { createDatabase, type DatabaseOptions, type Database } from "../../src/database/index.ts";
import type { PostgresOptions } from "../../src/engines/index.ts";
import { cleanUp } from "./cleanup.ts";
import { query, temporaryCluster, type TemporaryCluster } from "./engines.ts";

export interface TestDatabase extends TemporaryCluster {
  readonly db: Database;
  /** Another process's view of the same servers. */
  readonly another: (options?: DatabaseOptions) => Database;
  /** As superuser, on a server by its place: 0 is the primary. */
  readonly asAdmin: (server: number, sql: string) => Promise<Record<string, unknown>[]>;
}

/** Real servers, and the database as an app has it. All of it is gone after the test. */
export async function startDatabase(
  t: TestContext,
  { options = {}, ...servers }: Partial<PostgresOptions> & { readonly options?: DatabaseOptions } = {},
): Promise<TestDatabase> {
  const temporary = temporaryCluster(t, { maxConnections: 60, ...servers });
  await temporary.cluster.start();
  const { cluster } = temporary;
  const another = (more: DatabaseOptions = {}): Database => {
    const db = createDatabase({ url: cluster.url, replicaUrls: cluster.replicaUrls, ...options, ...more });
    cleanUp(t, () => db.end());
    return db;
  };
  const asAdmin = (server: number, sql: string): Promise<Record<string, unknown>[]> => {
    const url = server === 0 ? cluster.url : cluster.replicaUrls[server - 1]!;
    return query(cluster.adminUrlOf(url), sql);
  };
  return { ...temporary, db: another(), another, asAdmin };
}

/** How a standby lags: it gets everything, and shows it so much later. */
export async function delayReplay({ asAdmin }: TestDatabase, server: number, delay: string): Promise<void> {
  await asAdmin(server, `alter system set recovery_min_apply_delay = '${delay}'`);
  await asAdmin(server, "select pg_reload_conf()");
}

/** The port of whichever server answers. */
export async function portOf(asked: Promise<{ readonly rows: readonly object[] }>): Promise<number> {
  const { rows } = await asked;
  const [row] = rows as { readonly port: number }[];
  assert.ok(row !== undefined);
  return row.port;
}

export const portOfUrl = (url: string): number => Number(new URL(url).port);
