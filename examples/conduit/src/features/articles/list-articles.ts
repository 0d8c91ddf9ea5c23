import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { listedArticleColumns, type ListedArticleRow } from "./article-row.ts";
import { matchingArticles, type ArticleFilter } from "./matching-articles.ts";

export interface Page {
  readonly limit: number;
  readonly offset: number;
}

export interface ArticleList {
  readonly articles: ListedArticleRow[];
  /** Of all pages together. */
  readonly total: number;
}

/**
 * Reads a page of articles, newest first, and how many there are in all, in one query. The ids of the page are found
 * first, so that nothing is looked up for an article that is skipped.
 */
export async function listArticles(db: Db, filter: ArticleFilter, page: Page, viewer: Viewer): Promise<ArticleList> {
  const counted = db
    .selectFrom(matchingArticles(db, filter).as("matching"))
    .select((eb) => eb.fn.countAll<number>().as("total"));

  const rows = await db
    .selectFrom(counted.as("counted"))
    // One row without an article tells the count also when the page is empty.
    .leftJoin(articlesOf(db, filter, page, viewer).as("article"), (join) => join.onTrue())
    .selectAll("article")
    .select("counted.total")
    .orderBy("article.id", "desc")
    .execute();
  return {
    articles: rows.filter(({ id }) => id !== null) as ListedArticleRow[],
    total: rows[0]!.total,
  };
}

/**
 * As `listArticles`, without the count, which costs the more the more there is to skip. The total goes only as far as one article behind the page: whoever turns pages
 * sees that there is another.
 */
export async function listArticlesUncounted(
  db: Db,
  filter: ArticleFilter,
  page: Page,
  viewer: Viewer,
): Promise<ArticleList> {
  const rows = await articlesOf(db, filter, { ...page, limit: page.limit + 1 }, viewer)
    .orderBy("article.id", "desc")
    .execute();
  return { articles: rows.slice(0, page.limit), total: page.offset + rows.length };
}

function articlesOf(db: Db, filter: ArticleFilter, page: Page, viewer: Viewer) {
  const shown = db
    .selectFrom(matchingArticles(db, filter).as("matching"))
    .select("matching.id")
    .orderBy("matching.id", "desc")
    .limit(page.limit)
    .offset(page.offset);
  return db
    .selectFrom(shown.as("shown"))
    .innerJoin("articles as article", "article.id", "shown.id")
    .innerJoin("users as author", "author.id", "article.author_id")
    .select(listedArticleColumns(viewer));
}
