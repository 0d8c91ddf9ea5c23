import type { Db } from "../../database/database.ts";
import { forbidden, notFound } from "../../errors.ts";

/**
 * Deletes the author's own comment on the article of a slug, and returns the article's id.
 *
 * @throws {ApiError} 404 when there is no such article or comment, 403 when the comment is somebody else's.
 */
export async function deleteComment(db: Db, slug: string, id: number, authorId: number): Promise<number> {
  const deleted = await db
    .deleteFrom("comments")
    .using("articles")
    .whereRef("comments.article_id", "=", "articles.id")
    .where("articles.slug", "=", slug)
    .where("comments.id", "=", id)
    .where("comments.author_id", "=", authorId)
    .returning("comments.article_id")
    .executeTakeFirst();
  if (!deleted) throw await reasonNotDeleted(db, slug, id);
  return deleted.article_id;
}

async function reasonNotDeleted(db: Db, slug: string, id: number): Promise<Error> {
  const found = await db
    .selectFrom("articles")
    .leftJoin("comments", (join) => join.onRef("comments.article_id", "=", "articles.id").on("comments.id", "=", id))
    .select("comments.id as comment_id")
    .where("articles.slug", "=", slug)
    .executeTakeFirst();
  if (!found) return notFound("article");
  return found.comment_id === null ? notFound("comment") : forbidden("comment");
}
