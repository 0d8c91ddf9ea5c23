import { sql, type Transaction } from "kysely";
import type { Db } from "../../database/database.ts";
import type { Schema } from "../../database/schema.ts";
import { forbidden, notFound } from "../../errors.ts";
import type { NewArticle } from "./insert-article.ts";
import { toSlug, withFreeSlug } from "./slug.ts";

export type ArticleChange = Partial<NewArticle>;

/**
 * Changes the given fields of the author's own article and returns its slug, which follows the title. Locks the
 * article's row for the length of a transaction.
 *
 * @throws {ApiError} 404 when there is no such article, 403 when it is somebody else's.
 */
export async function updateArticle(db: Db, slug: string, authorId: number, change: ArticleChange): Promise<string> {
  const attempt = (newSlug: string | undefined) =>
    db.transaction().execute(async (tx) => {
      const article = await lockOwnArticle(tx, slug, authorId);
      const renamed = change.title !== undefined && toSlug(change.title) !== toSlug(article.title);
      const finalSlug = (renamed && newSlug) || slug;
      await setFields(tx, article.id, finalSlug, change);
      if (change.tags) await replaceTags(tx, article.id, change.tags);
      return finalSlug;
    });
  return change.title === undefined ? attempt(undefined) : withFreeSlug(change.title, attempt);
}

async function lockOwnArticle(tx: Transaction<Schema>, slug: string, authorId: number) {
  const article = await tx
    .selectFrom("articles")
    .select(["id", "author_id", "title"])
    .where("slug", "=", slug)
    .forUpdate()
    .executeTakeFirst();
  if (!article) throw notFound("article");
  if (article.author_id !== authorId) throw forbidden("article");
  return article;
}

/** The time of the change is later than any before it, also when the clock is not. */
async function setFields(tx: Transaction<Schema>, id: number, slug: string, change: ArticleChange): Promise<void> {
  const { tags: _, ...fields } = change;
  await tx
    .updateTable("articles")
    .set({ ...fields, slug, updated_at: sql<Date>`greatest(now(), updated_at + interval '1 millisecond')` })
    .where("id", "=", id)
    .execute();
}

async function replaceTags(tx: Transaction<Schema>, id: number, tags: readonly string[]): Promise<void> {
  await tx.deleteFrom("article_tags").where("article_id", "=", id).execute();
  await sql`
    insert into article_tags (article_id, tag) select ${id}, tag from unnest(${tags}::text[]) as given (tag)
  `.execute(tx);
}
