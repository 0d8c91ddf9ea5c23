import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { commentColumns, type CommentRow } from "./comment-row.ts";

export interface CommentList {
  readonly articleId: number;
  readonly comments: CommentRow[];
}

/** Reads the comments on the article of a slug, newest first, in one query; nothing when there is no such article. */
export async function listComments(db: Db, slug: string, viewer: Viewer): Promise<CommentList | undefined> {
  const rows = await db
    .selectFrom("articles as article")
    // One row without a comment tells an article that has none from one that is not there.
    .leftJoin("comments as comment", "comment.article_id", "article.id")
    .leftJoin("users as author", "author.id", "comment.author_id")
    .select("article.id as article_id")
    .select(commentColumns(viewer))
    .where("article.slug", "=", slug)
    .orderBy("comment.id", "desc")
    .execute();
  const [first] = rows;
  return first && { articleId: first.article_id, comments: rows.filter(({ id }) => id !== null) as CommentRow[] };
}
