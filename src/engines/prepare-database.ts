import { escapeIdentifier, escapeLiteral, type Client } from "pg";
import { codeOf } from "../kernel/index.ts";
import { type Endpoint, withConnection } from "./connection.ts";
import type { Credentials } from "./credentials.ts";
import { scramVerifier } from "./scram-verifier.ts";
import { roles } from "./server-config.ts";

const invalidCatalogName = "3D000";

/**
 * Brings a primary to what an application expects: the roles, its database, pg_stat_statements in it. Every step looks first, so that it
 * may be cut off anywhere and run again; when all is there it is one query.
 */
export async function prepareDatabase(admin: Endpoint, credentials: Credentials): Promise<void> {
  const prepare = (): Promise<void> => withConnection(admin, (client) => prepareInside(client, credentials));
  try {
    await prepare();
  } catch (error) {
    if (codeOf(error) !== invalidCatalogName) throw error;
    await withConnection({ ...admin, database: "postgres" }, async (client) => {
      await createRoles(client, credentials);
      await client.query(`create database ${escapeIdentifier(admin.database)} owner ${roles.app}`);
    });
    await prepare();
  }
}

async function prepareInside(client: Client, credentials: Credentials): Promise<void> {
  const { rows } = await client.query<{ roles: number; extended: boolean }>(
    `select (select count(*)::int from pg_roles where rolname in ($1, $2)) as roles,
            exists (select from pg_extension where extname = 'pg_stat_statements') as extended`,
    [roles.app, roles.replication],
  );
  if (rows[0]!.roles < 2) await createRoles(client, credentials);
  if (!rows[0]!.extended) await client.query("create extension if not exists pg_stat_statements");
}

async function createRoles(client: Client, credentials: Credentials): Promise<void> {
  const { rows } = await client.query<{ rolname: string }>("select rolname from pg_roles");
  const exists = new Set(rows.map(({ rolname }) => rolname));
  const create = async (role: string, attributes: string, password: string): Promise<void> => {
    if (exists.has(role)) return;
    await client.query(`create role ${role} login ${attributes} password ${escapeLiteral(scramVerifier(password))}`);
  };
  await create(roles.app, "", credentials.app);
  await create(roles.replication, "replication", credentials.replication);
}
