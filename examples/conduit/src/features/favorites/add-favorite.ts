import { sql } from "kysely";
import type { Db } from "../../database/database.ts";

/**
 * Marks an article as a user's favourite and counts it, in one statement: the count moves if and only if the favourite
 * is new, also when the same user asks twice at once (the second waits for the first and then finds it there). Locks
 * the article's row until then.
 */
export async function addFavorite(db: Db, userId: number, slug: string): Promise<void> {
  await db
    .with("added", (db) =>
      db
        .insertInto("favorites")
        .columns(["user_id", "article_id"])
        .expression((eb) =>
          eb
            .selectFrom("articles")
            .select((eb) => [eb.cast<number>(eb.val(userId), "bigint").as("user_id"), "id"])
            .where("slug", "=", slug),
        )
        .onConflict((conflict) => conflict.doNothing())
        .returning("article_id"),
    )
    .updateTable("articles")
    .from("added")
    .set({ favorites_count: sql<number>`favorites_count + 1` })
    .whereRef("articles.id", "=", "added.article_id")
    .execute();
}
