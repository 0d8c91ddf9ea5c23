import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { listedArticleColumns, type ArticleRow } from "./article-row.ts";

/** Reads one article by its slug, as the viewer sees it. */
export async function findArticle(db: Db, slug: string, viewer: Viewer): Promise<ArticleRow | undefined> {
  return db
    .selectFrom("articles as article")
    .innerJoin("users as author", "author.id", "article.author_id")
    .select(listedArticleColumns(viewer))
    .select("article.body")
    .where("article.slug", "=", slug)
    .executeTakeFirst();
}
