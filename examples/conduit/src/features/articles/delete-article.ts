import type { Db } from "../../database/database.ts";
import { forbidden, notFound } from "../../errors.ts";

/**
 * Deletes the author's own article and returns its id; its tags, favourites and comments go with it.
 *
 * @throws {ApiError} 404 when there is no such article, 403 when it is somebody else's.
 */
export async function deleteArticle(db: Db, slug: string, authorId: number): Promise<number> {
  const deleted = await db
    .deleteFrom("articles")
    .where("slug", "=", slug)
    .where("author_id", "=", authorId)
    .returning("id")
    .executeTakeFirst();
  if (deleted) return deleted.id;
  const article = await db.selectFrom("articles").select("id").where("slug", "=", slug).executeTakeFirst();
  throw article ? forbidden("article") : notFound("article");
}
