import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { notFound } from "../../errors.ts";
import { listedArticleColumns, type ArticleRow } from "./article-row.ts";

/**
 * Reads one article by its slug, as the viewer sees it.
 *
 * @throws {ApiError} 404 when there is no such article.
 */
export async function findArticle(db: Db, slug: string, viewer: Viewer): Promise<ArticleRow> {
  const article = await db
    .selectFrom("articles as article")
    .innerJoin("users as author", "author.id", "article.author_id")
    .select(listedArticleColumns(viewer))
    .select("article.body")
    .where("article.slug", "=", slug)
    .executeTakeFirst();
  if (!article) throw notFound("article");
  return article;
}
