import type { Db } from "../../database/database.ts";

/** Ends the following of a user, who is given by name; without one, changes nothing. */
export async function unfollowUser(db: Db, followerId: number, username: string): Promise<void> {
  await db
    .deleteFrom("follows")
    .using("users")
    .whereRef("follows.followee_id", "=", "users.id")
    .where("follows.follower_id", "=", followerId)
    .where("users.username", "=", username)
    .execute();
}
