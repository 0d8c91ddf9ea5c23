import { sql } from "kysely";
import type { Db } from "../../database/database.ts";

/** Takes a user's favourite back and uncounts it, in one statement; without one, changes nothing. */
export async function removeFavorite(db: Db, userId: number, slug: string): Promise<void> {
  await db
    .with("removed", (db) =>
      db
        .deleteFrom("favorites")
        .using("articles")
        .whereRef("favorites.article_id", "=", "articles.id")
        .where("favorites.user_id", "=", userId)
        .where("articles.slug", "=", slug)
        .returning("favorites.article_id"),
    )
    .updateTable("articles")
    .from("removed")
    .set({ favorites_count: sql<number>`favorites_count - 1` })
    .whereRef("articles.id", "=", "removed.article_id")
    .execute();
}
