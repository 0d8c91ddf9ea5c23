import type { Pool } from "pg";
import type { DatabasePool } from "./database-pool.ts";
import type { Queryable } from "./query.ts";

/** What an app has: a `pg.Pool`, by its types too, and what it can do beyond one. */
export type Database = Pool & { readonly query: Pool["query"] & Queryable["query"] } & Omit<DatabasePool, keyof Pool>;
