import type { SelectQueryBuilder } from "kysely";
import type { Db } from "../../database/database.ts";
import type { Schema } from "../../database/schema.ts";

/** Which articles to list; what is not given does not narrow. */
export interface ArticleFilter {
  readonly tag?: string | undefined;
  /** A username. */
  readonly author?: string | undefined;
  /** The username of who has favoured them. */
  readonly favorited?: string | undefined;
  /** The id of who follows their authors. */
  readonly followedBy?: number | undefined;
}

type Ids = SelectQueryBuilder<Schema, keyof Schema, { id: number }>;

/**
 * The ids of the articles that a filter lets through, as a query to build on. Each single filter is a range of one
 * index that holds the ids in order, so a page is read from its end and a count never touches a row; several together
 * are what their ranges share.
 */
export function matchingArticles(db: Db, { tag, author, favorited, followedBy }: ArticleFilter): Ids {
  const userId = (username: string) => db.selectFrom("users").select("id").where("username", "=", username);
  const ranges: Ids[] = [];

  if (tag !== undefined) {
    ranges.push(db.selectFrom("article_tags").select("article_id as id").where("tag", "=", tag) as Ids);
  }
  if (author !== undefined) {
    ranges.push(db.selectFrom("articles").select("id").where("author_id", "=", userId(author)) as Ids);
  }
  if (favorited !== undefined) {
    ranges.push(db.selectFrom("favorites").select("article_id as id").where("user_id", "=", userId(favorited)) as Ids);
  }
  if (followedBy !== undefined) {
    const followees = db.selectFrom("follows").select("followee_id").where("follower_id", "=", followedBy);
    ranges.push(db.selectFrom("articles").select("id").where("author_id", "in", followees) as Ids);
  }

  const [first = db.selectFrom("articles").select("id") as Ids, ...others] = ranges;
  return others.reduce((shared, range) => shared.intersect(range), first);
}
