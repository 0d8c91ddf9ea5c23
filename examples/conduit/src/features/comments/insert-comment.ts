import type { Db } from "../../database/database.ts";
import { commentColumns, type CommentRow } from "./comment-row.ts";

/** Adds a comment to the article of a slug and returns it with its author; nothing when there is no such article. */
export async function insertComment(
  db: Db,
  slug: string,
  authorId: number,
  body: string,
): Promise<(CommentRow & { readonly article_id: number }) | undefined> {
  return db
    .with("comment", (db) =>
      db
        .insertInto("comments")
        .columns(["article_id", "author_id", "body"])
        .expression((eb) =>
          eb
            .selectFrom("articles")
            .select((eb) => [
              "id",
              eb.cast<number>(eb.val(authorId), "bigint").as("author_id"),
              eb.cast<string>(eb.val(body), "text").as("body"),
            ])
            .where("slug", "=", slug),
        )
        .returningAll(),
    )
    .selectFrom("comment")
    .innerJoin("users as author", "author.id", "comment.author_id")
    .select("comment.article_id")
    .select(commentColumns(authorId))
    .executeTakeFirst();
}
