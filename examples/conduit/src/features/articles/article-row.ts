import { sql } from "kysely";
import type { Viewer } from "../../auth/authentication.ts";
import { names } from "../../caching.ts";
import { isFollowing } from "../profiles/profile-row.ts";

/** An article as lists show it, with its author and its tags. */
export interface ListedArticleRow {
  readonly id: number;
  readonly slug: string;
  readonly title: string;
  readonly description: string;
  readonly favorites_count: number;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly tags: string[];
  readonly favorited: boolean;
  readonly author_id: number;
  readonly author_username: string;
  readonly author_bio: string;
  readonly author_image: string;
  readonly author_following: boolean;
}

export interface ArticleRow extends ListedArticleRow {
  readonly body: string;
}

/** What to select from `articles as article` joined with `users as author`; tags and marks come along with the row. */
export function listedArticleColumns(viewer: Viewer) {
  return [
    "article.id",
    "article.slug",
    "article.title",
    "article.description",
    "article.favorites_count",
    "article.created_at",
    "article.updated_at",
    sql<string[]>`array(select tag from article_tags where article_id = article.id order by tag)`.as("tags"),
    isFavorited(viewer).as("favorited"),
    "article.author_id",
    "author.username as author_username",
    "author.bio as author_bio",
    "author.image as author_image",
    isFollowing(viewer, "author.id").as("author_following"),
  ] as const;
}

function isFavorited(viewer: Viewer) {
  if (viewer === undefined) return sql<boolean>`false`;
  return sql<boolean>`exists (select from favorites where user_id = ${viewer} and article_id = article.id)`;
}

/** The API's form of a row. */
export function toListedArticle(row: ListedArticleRow) {
  return {
    slug: row.slug,
    title: row.title,
    description: row.description,
    tagList: row.tags,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    favorited: row.favorited,
    favoritesCount: row.favorites_count,
    author: {
      username: row.author_username,
      bio: row.author_bio,
      image: row.author_image,
      following: row.author_following,
    },
  };
}

/** As `toListedArticle`, whole. */
export function toArticle(row: ArticleRow) {
  return { ...toListedArticle(row), body: row.body };
}

/** What is out of date when one of these changes. */
export function shownBy({ id, author_id }: ListedArticleRow): string[] {
  return [names.article(id), names.user(author_id)];
}
