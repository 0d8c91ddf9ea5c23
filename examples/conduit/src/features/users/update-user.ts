import { sql } from "kysely";
import type { Db } from "../../database/database.ts";
import type { NewUser } from "./insert-user.ts";
import { orTaken, userColumns, type UserRow } from "./user-row.ts";

export type UserChange = Partial<NewUser & { readonly bio: string; readonly image: string }>;

/**
 * Changes the given fields of one user and returns it as it is then; nothing when there is no such user.
 *
 * @throws {ApiError} 422 when the new name or address is somebody else's.
 */
export async function updateUser(db: Db, id: number, change: UserChange): Promise<UserRow | undefined> {
  return db
    .updateTable("users")
    .set({ ...change, updated_at: sql<Date>`now()` })
    .where("id", "=", id)
    .returning(userColumns)
    .executeTakeFirst()
    .catch(orTaken);
}
