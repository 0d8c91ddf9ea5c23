import type { Db } from "../../database/database.ts";
import { orTaken, userColumns, type UserRow } from "./user-row.ts";

export interface NewUser {
  readonly username: string;
  readonly email: string;
  readonly password_hash: string;
}

/**
 * Adds a user and returns it.
 *
 * @throws {ApiError} 422 when the name or the address is taken, also by somebody who registers at the same moment.
 */
export async function insertUser(db: Db, user: NewUser): Promise<UserRow> {
  return db.insertInto("users").values(user).returning(userColumns).executeTakeFirstOrThrow().catch(orTaken);
}
