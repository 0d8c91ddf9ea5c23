import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { notFound } from "../../errors.ts";
import { toListedArticle } from "./article-row.ts";
import { findArticle } from "./find-article.ts";

/**
 * The API's answer that shows one article whole, as it now is.
 *
 * @throws {ApiError} 404 when there is no such article.
 */
export async function showArticle(db: Db, slug: string, viewer: Viewer) {
  const article = await findArticle(db, slug, viewer);
  if (!article) throw notFound("article");
  return { article: { ...toListedArticle(article), body: article.body } };
}
