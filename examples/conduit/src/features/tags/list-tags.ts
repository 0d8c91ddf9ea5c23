import { sql } from "kysely";
import type { Db } from "../../database/database.ts";

/**
 * Reads every tag in use, in alphabetical order. Postgres would find the distinct names by reading the index from end
 * to end; this jumps from each name to the next one, a probe per tag ("Loose indexscan" in the PostgreSQL wiki).
 */
export async function listTags(db: Db): Promise<string[]> {
  const { rows } = await sql<{ tag: string }>`
    with recursive used (tag) as (
      (select tag from article_tags order by tag limit 1)
      union all
      select (select next.tag from article_tags next where next.tag > used.tag order by next.tag limit 1)
      from used
      where used.tag is not null
    )
    select tag from used where tag is not null
  `.execute(db);
  return rows.map(({ tag }) => tag);
}
