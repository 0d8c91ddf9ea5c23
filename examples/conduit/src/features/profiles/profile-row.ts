import { sql, type RawBuilder } from "kysely";
import type { Viewer } from "../../auth/authentication.ts";

/** Whether the viewer follows the user of the given column: one probe of the primary key, none for a stranger. */
export function isFollowing(viewer: Viewer, userId: "users.id" | "author.id"): RawBuilder<boolean> {
  if (viewer === undefined) return sql<boolean>`false`;
  return sql<boolean>`exists (
    select from follows where follower_id = ${viewer} and followee_id = ${sql.ref(userId)}
  )`;
}
