import type { ColumnType, Generated } from "kysely";

/** What the migrations have built, as Kysely sees it. */
export interface Schema {
  users: UsersTable;
  follows: FollowsTable;
  articles: ArticlesTable;
  article_tags: ArticleTagsTable;
  favorites: FavoritesTable;
  comments: CommentsTable;
}

/** Set by the database when a row comes to be. */
type CreatedAt = ColumnType<Date, never, never>;
type UpdatedAt = ColumnType<Date, never, Date>;

interface UsersTable {
  id: Generated<number>;
  username: string;
  email: string;
  password_hash: string;
  bio: Generated<string>;
  image: Generated<string>;
  created_at: CreatedAt;
  updated_at: UpdatedAt;
}

interface FollowsTable {
  follower_id: number;
  followee_id: number;
}

interface ArticlesTable {
  id: Generated<number>;
  slug: string;
  title: string;
  description: string;
  body: string;
  author_id: number;
  favorites_count: Generated<number>;
  created_at: CreatedAt;
  updated_at: UpdatedAt;
}

interface ArticleTagsTable {
  tag: string;
  article_id: number;
}

interface FavoritesTable {
  user_id: number;
  article_id: number;
}

interface CommentsTable {
  id: Generated<number>;
  article_id: number;
  author_id: number;
  body: string;
  created_at: CreatedAt;
  updated_at: UpdatedAt;
}
