import type { Viewer } from "../../auth/authentication.ts";
import type { Db } from "../../database/database.ts";
import { isFollowing } from "./profile-row.ts";

export interface ProfileRow {
  readonly id: number;
  readonly username: string;
  readonly bio: string;
  readonly image: string;
  readonly following: boolean;
}

/** Reads one user by name, as the viewer sees them. */
export async function findProfile(db: Db, username: string, viewer: Viewer): Promise<ProfileRow | undefined> {
  return db
    .selectFrom("users")
    .select(["id", "username", "bio", "image", isFollowing(viewer, "users.id").as("following")])
    .where("username", "=", username)
    .executeTakeFirst();
}
