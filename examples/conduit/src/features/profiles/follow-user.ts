import type { Db } from "../../database/database.ts";

/** Lets one user follow another, who is given by name. Again, at once or from two places, changes nothing. */
export async function followUser(db: Db, followerId: number, username: string): Promise<void> {
  await db
    .insertInto("follows")
    .columns(["follower_id", "followee_id"])
    .expression((eb) =>
      eb
        .selectFrom("users")
        .select((eb) => [eb.cast<number>(eb.val(followerId), "bigint").as("follower_id"), "id"])
        .where("username", "=", username),
    )
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
