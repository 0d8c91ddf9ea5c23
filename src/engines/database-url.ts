/**
 * A database that someone else runs: nothing is started, but it is looked at before anything relies on it. What is asked of it:
 * it can be reached and logged in to, is Postgres 14 or later, takes writes (a primary), and the user may create tables and
 * temporary tables in the schema it works in, as migrations do.
 */
import { Client, type DatabaseError } from "pg";
import { codeOf, messageOf, withDeadline } from "../kernel/index.ts";
import * as errors from "./errors.ts";

export interface CheckedDatabase {
  /** `"16.3"` */
  readonly version: string;
  readonly database: string;
  readonly user: string;
  readonly isReplica: boolean;
  readonly maxConnections: number;
}

export interface CheckOptions {
  /** `"replica"`: it need not take writes. Default `"primary"`. */
  readonly role?: "primary" | "replica";
  /** For all of it. Default 10,000. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Target {
  /** `host:port`: a URL without its secrets. */
  readonly where: string;
  readonly user: string;
  readonly database: string;
}

const oldest = 140_000;

/** @throws ENGINES_URL_… : which, and the fix, in `errors.ts` */
export async function checkDatabaseUrl(url: string, options: CheckOptions = {}): Promise<CheckedDatabase> {
  const { role = "primary", timeoutMs = 10_000, signal } = options;
  signal?.throwIfAborted();
  const target = parseTarget(url);
  const client = createClient(url, timeoutMs);
  const giveUp = (): void => void client.end().catch(() => {});
  signal?.addEventListener("abort", giveUp, { once: true });
  try {
    const look = async (): Promise<Facts> => {
      await client.connect();
      return await readFacts(client);
    };
    const late = (): Error => errors.urlUnreachable(target.where, `no answer within ${timeoutMs} ms`);
    return judge(target, await withDeadline(look(), timeoutMs, late), role);
  } catch (error) {
    signal?.throwIfAborted();
    throw explain(error, target);
  } finally {
    signal?.removeEventListener("abort", giveUp);
    // A server that does not answer does not answer a goodbye either.
    void client.end().catch(() => {});
  }
}

function parseTarget(url: string): Target {
  let parsed: URL;
  try {
    parsed = new URL(url);
    decodeURIComponent(parsed.username + parsed.password + parsed.pathname);
  } catch {
    throw errors.urlInvalid("it cannot be parsed");
  }
  if (!["postgres:", "postgresql:"].includes(parsed.protocol)) {
    throw errors.urlInvalid(`it begins with ${parsed.protocol}// and not with postgres://`);
  }
  const host = parsed.hostname || parsed.searchParams.get("host") || "";
  if (host === "") throw errors.urlInvalid("it names no host");
  const user = decodeURIComponent(parsed.username) || parsed.searchParams.get("user") || "";
  if (user === "") throw errors.urlInvalid("it names no user");
  const database = decodeURIComponent(parsed.pathname.slice(1));
  if (database === "") throw errors.urlInvalid("it names no database");
  return { where: `${host}:${parsed.port || "5432"}`, user, database };
}

function createClient(url: string, timeoutMs: number): Client {
  try {
    const client = new Client({
      connectionString: url,
      application_name: "tenfold-check",
      connectionTimeoutMillis: timeoutMs,
      query_timeout: timeoutMs,
    });
    client.on("error", () => {}); // the step under way reports it
    return client;
  } catch (error) {
    throw errors.urlInvalid(messageOf(error)); // such as a certificate file that is not there
  }
}

interface Facts {
  readonly versionNumber: number;
  readonly version: string;
  readonly isReplica: boolean;
  readonly isReadOnly: boolean;
  readonly maxConnections: number;
  readonly schema: string | null;
  readonly canCreate: boolean;
  readonly canCreateTemporary: boolean;
}

async function readFacts(client: Client): Promise<Facts> {
  const { rows } = await client.query<Facts>(
    `select current_setting('server_version_num')::int as "versionNumber",
            split_part(current_setting('server_version'), ' ', 1) as version,
            pg_is_in_recovery() as "isReplica",
            current_setting('default_transaction_read_only')::bool as "isReadOnly",
            current_setting('max_connections')::int as "maxConnections",
            current_schema() as schema,
            coalesce(has_schema_privilege(current_schema(), 'create'), false) as "canCreate",
            has_database_privilege(current_database(), 'temporary') as "canCreateTemporary"`,
  );
  return rows[0]!;
}

function judge({ where, user, database }: Target, facts: Facts, role: "primary" | "replica"): CheckedDatabase {
  const { version, isReplica, maxConnections } = facts;
  if (facts.versionNumber < oldest) throw errors.urlTooOld(where, version);
  if (role === "primary") {
    if (isReplica) throw errors.urlReadOnly(where, "it is a replica");
    if (facts.isReadOnly) throw errors.urlReadOnly(where, "default_transaction_read_only is on");
    if (facts.schema === null) throw errors.urlPrivileges(where, user, "no schema in its search_path can be used");
    if (!facts.canCreate) throw errors.urlPrivileges(where, user, `it may not create tables in schema ${facts.schema}`);
    if (!facts.canCreateTemporary) throw errors.urlPrivileges(where, user, "it may not create temporary tables");
  }
  return { version, database, user, isReplica, maxConnections };
}

/** SQLSTATE codes are those of the manual's appendix A. */
function explain(error: unknown, { where, user, database }: Target): unknown {
  const code = codeOf(error) ?? "";
  const message = messageOf(error);
  if (code.startsWith("ENGINES_")) return error;
  if (/SSL|TLS|certificate|no encryption/i.test(message)) return errors.urlTls(where, message);
  if (code.startsWith("28") || /password/i.test(message)) return errors.urlRefused(where, user, message);
  if (code === "3D000") return errors.urlDatabaseMissing(where, database);
  if (code === "42501") return errors.urlPrivileges(where, user, message);
  if (code === "53300" || code.startsWith("57P")) return errors.urlBusy(where, message);
  if (/terminated unexpectedly/.test(message)) {
    return errors.urlNotPostgres(where, "it closes the connection without an answer that Postgres would give");
  }
  const isSystemError = /^E[A-Z_]+$/.test(code);
  if (isSystemError || /timeout|terminated/i.test(message)) return errors.urlUnreachable(where, message || code);
  const isServerError = (error as Partial<DatabaseError>).severity !== undefined;
  return errors.urlNotPostgres(where, isServerError ? `${code} ${message}` : message);
}
