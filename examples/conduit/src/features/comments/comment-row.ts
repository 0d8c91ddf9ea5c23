import type { Viewer } from "../../auth/authentication.ts";
import { isFollowing } from "../profiles/profile-row.ts";

export interface CommentRow {
  readonly id: number;
  readonly body: string;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly author_id: number;
  readonly author_username: string;
  readonly author_bio: string;
  readonly author_image: string;
  readonly author_following: boolean;
}

/** What to select from `comment` joined with `users as author`. */
export function commentColumns(viewer: Viewer) {
  return [
    "comment.id",
    "comment.body",
    "comment.created_at",
    "comment.updated_at",
    "comment.author_id",
    "author.username as author_username",
    "author.bio as author_bio",
    "author.image as author_image",
    isFollowing(viewer, "author.id").as("author_following"),
  ] as const;
}

/** The API's form of a row. */
export function toComment(row: CommentRow) {
  return {
    id: row.id,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    body: row.body,
    author: {
      username: row.author_username,
      bio: row.author_bio,
      image: row.author_image,
      following: row.author_following,
    },
  };
}
