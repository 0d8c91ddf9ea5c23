import { sql } from "kysely";
import type { Db } from "../../database/database.ts";
import { userColumns, type UserRow } from "./user-row.ts";

/** Reads one user and the password's hash by the mail address, whatever its case. */
export async function findCredentials(
  db: Db,
  email: string,
): Promise<(UserRow & { readonly password_hash: string }) | undefined> {
  return db
    .selectFrom("users")
    .select([...userColumns, "password_hash"])
    .where(sql<string>`lower(email)`, "=", sql<string>`lower(${email})`)
    .executeTakeFirst();
}
