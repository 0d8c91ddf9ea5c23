import { availableParallelism } from "node:os";
import type { ClientConfig } from "pg";
import { Cluster } from "./cluster/cluster.ts";
import { DatabaseNode, type NodeOptions, type OnHeard } from "./cluster/node.ts";
import type { Database } from "./database.ts";
import { DatabasePool } from "./database-pool.ts";
import { urlMissing } from "./errors.ts";
import { databaseDefaults, type DatabaseOptions, standingLine, watching } from "./options.ts";
import type { PoolOptions } from "./pool/pool.ts";
import { Router } from "./routing/router.ts";
import { secretFrom } from "./sessions/secret.ts";
import { TokenSeal } from "./sessions/token.ts";
import { StatementBook } from "./statements/statement-book.ts";

type Settings = DatabaseOptions & typeof databaseDefaults;

/**
 * A database as a `pg.Pool`: reads go to replicas that have what the session has written, everything else to the primary, wherever that is now.
 *
 * @example
 * ```ts
 * await using db = createDatabase();
 * await db.query("insert into notes (text) values ($1)", ["hello"]);
 * const { rows } = await db.query("select * from notes"); // has it, whichever server it asks
 * ```
 *
 * @throws DATABASE_URL_MISSING
 */
export function createDatabase(options: DatabaseOptions = {}): Database {
  const settings = { ...databaseDefaults, ...options } as Settings;
  const url = options.url ?? process.env["DATABASE_URL"] ?? "";
  if (url === "") throw urlMissing();
  const replicaUrls = options.replicaUrls ?? splitUrls(process.env["DATABASE_REPLICA_URLS"] ?? "");
  const { watchMs, urgentMs } = watching;
  const onConnect: NodeOptions["onConnect"] = (client) => void pool.emit("connect", client);
  const cluster = new Cluster(
    { watchMs, urgentMs },
    (onHeard) => {
      const isWatched = replicaUrls.length > 0;
      return [url, ...replicaUrls].map((each) => nodeOf(each, settings, { onHeard, onConnect, isWatched }));
    },
    (election) => pool.emit("topology", election),
  );
  const { waitMs, replicaWaitMs, read, timeoutMs } = settings;
  const router = new Router(cluster, new StatementBook(), { waitMs, replicaWaitMs });
  const seal = new TokenSeal(secretFrom(url, options.secret));
  const pool = new DatabasePool({ router, seal, read, timeoutMs });
  // What pg's pool is asked, it answers; that its types agree is a test's to show.
  return pool as unknown as Database;
}

function splitUrls(text: string): string[] {
  return text
    .split(",")
    .map((each) => each.trim())
    .filter(Boolean);
}

type Surroundings = Pick<NodeOptions, "onConnect" | "isWatched"> & { readonly onHeard: OnHeard };

function nodeOf(url: string, settings: Settings, { onHeard, ...around }: Surroundings): DatabaseNode {
  const { connectMs } = settings;
  const options = { name: nameOf(url), client: clientOf(url, settings), pool: poolOf(settings), connectMs };
  return new DatabaseNode({ ...options, answerMs: watching.answerMs, ...around }, onHeard);
}

/** Without its secrets. */
function nameOf(url: string): string {
  const parsed = URL.parse(url);
  const host = parsed?.hostname || parsed?.searchParams.get("host") || "localhost";
  return `${host}:${parsed?.port || "5432"}`;
}

/** What is not ours is pg's. */
function clientOf(url: string, settings: Settings): ClientConfig {
  const { url: _url, replicaUrls, read, connections, waitMs, maxWaiting, timeoutMs, replicaWaitMs, ...rest } = settings;
  const { connectMs, idleMs, maxLifetimeMs, idleInTransactionMs, secret, ...client } = rest;
  return {
    application_name: "tenfold",
    keepAlive: true,
    ...client,
    connectionString: url,
    ...(idleInTransactionMs > 0 && { idle_in_transaction_session_timeout: idleInTransactionMs }),
  };
}

function poolOf({ connections, waitMs, maxWaiting, idleMs, maxLifetimeMs }: Settings): PoolOptions {
  return {
    size: connections ?? 2 * availableParallelism(),
    maxWaiting,
    targetMs: waitMs * standingLine.targetShare,
    intervalMs: waitMs * standingLine.intervalShare,
    idleMs,
    maxLifetimeMs,
  };
}
