import type { Db } from "../../database/database.ts";
import { userColumns, type UserRow } from "./user-row.ts";

/** Reads one user by the primary key. */
export async function findUser(db: Db, id: number): Promise<UserRow | undefined> {
  return db.selectFrom("users").select(userColumns).where("id", "=", id).executeTakeFirst();
}
