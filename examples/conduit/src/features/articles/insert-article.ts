import { sql } from "kysely";
import type { Db } from "../../database/database.ts";
import { withFreeSlug } from "./slug.ts";

export interface NewArticle {
  readonly title: string;
  readonly description: string;
  readonly body: string;
  readonly tags: readonly string[];
}

/** Adds an article and its tags in one statement, and returns its slug. */
export async function insertArticle(db: Db, authorId: number, article: NewArticle): Promise<string> {
  const { title, description, body, tags } = article;
  return withFreeSlug(title, async (slug) => {
    await db
      .with("article", (db) =>
        db.insertInto("articles").values({ slug, title, description, body, author_id: authorId }).returning("id"),
      )
      .insertInto("article_tags")
      .columns(["article_id", "tag"])
      .expression((eb) => eb.selectFrom(["article", toRows(tags)]).select(["article.id", "given.tag"]))
      .execute();
    return slug;
  });
}

/** A list as a table, so that the statement's text is the same for any number of tags. */
function toRows(tags: readonly string[]) {
  return sql<{ tag: string }>`unnest(${tags}::text[])`.as<"given">(sql`given (tag)`);
}
