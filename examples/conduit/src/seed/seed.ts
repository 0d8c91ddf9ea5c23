/**
 * Seeding is one transaction: killed at any moment, it leaves nothing behind and can simply be run again; run again
 * when it is done, it finds the demo user and stops. The API may serve meanwhile: the seed takes ids that nobody has.
 */
import { Client, type ClientBase } from "pg";
import { hashPassword } from "../auth/password.ts";
import { copyRows } from "./copy.ts";
import * as dataset from "./dataset.ts";
import { demo, type Row, type Sizes } from "./dataset.ts";
import type { Progress } from "./progress.ts";

export interface SeedOptions {
  readonly url: string;
  readonly sizes: Sizes;
  readonly progress: Progress;
}

/** @returns whether there was anything to do. */
export async function seed({ url, sizes, progress }: SeedOptions): Promise<boolean> {
  const client = new Client({ connectionString: url, application_name: "conduit seed" });
  await client.connect();
  try {
    const seeded = await inTransaction(client, async () => {
      // Two seeds at once: the second waits, and then finds the first one's work.
      await client.query("select pg_advisory_xact_lock(hashtext('conduit seed'))");
      if (await isSeeded(client)) return false;
      await load(client, sizes, progress);
      return true;
    });
    // Plans need statistics, and counts by index need the visibility map. Neither can be had inside the transaction.
    if (seeded) await client.query("vacuum (analyze)");
    return seeded;
  } finally {
    progress.end();
    await client.end();
  }
}

async function isSeeded(client: ClientBase): Promise<boolean> {
  const { rowCount } = await client.query("select from users where lower(email) = $1", [demo.email]);
  return rowCount === 1;
}

async function load(client: ClientBase, sizes: Sizes, progress: Progress): Promise<void> {
  // Nobody else may take an id while the seed's are set aside: who writes meanwhile waits the seconds that this takes.
  await client.query("lock table users, articles, comments in share row exclusive mode");
  const user = await setAside(client, "users", sizes.users);
  const article = await setAside(client, "articles", sizes.articles);
  const comment = await setAside(client, "comments", sizes.comments);
  const passwordHash = await hashPassword(demo.password);
  const { rows: favorites, counts } = dataset.favorites(sizes);

  const copy = async (name: string, into: string, units: number, rows: Iterable<Row>): Promise<void> => {
    progress.step(name, units);
    await copyRows(client, into, rows, (count) => progress.advance(count));
  };
  await copy(
    "users",
    "users (id, username, email, password_hash, bio, image, created_at)",
    sizes.users,
    shift(dataset.users(sizes, passwordHash), { 0: user }),
  );
  await copy(
    "follows",
    "follows (follower_id, followee_id)",
    sizes.follows,
    shift(dataset.follows(sizes), { 0: user, 1: user }),
  );
  await copy(
    "articles",
    "articles (id, slug, title, description, body, author_id, favorites_count, created_at, updated_at)",
    sizes.articles,
    shift(dataset.articles(sizes, counts), { 0: article, 5: user }),
  );
  await copy(
    "tags",
    "article_tags (tag, article_id)",
    sizes.articles,
    shift(dataset.articleTags(sizes), { 1: article }),
  );
  await copy(
    "favourites",
    "favorites (user_id, article_id)",
    sizes.favorites,
    shift(favorites, { 0: user, 1: article }),
  );
  await copy(
    "comments",
    "comments (id, article_id, author_id, body, created_at, updated_at)",
    sizes.comments,
    shift(dataset.comments(sizes), { 0: comment, 1: article, 2: user }),
  );
}

/** Takes the next so many ids of a table for the seed, and returns what to add to the seed's numbers. */
async function setAside(client: ClientBase, table: string, count: number): Promise<number> {
  const { rows } = await client.query<{ last: string }>(
    `select setval(sequence, nextval(sequence) + $1) - $1 - 1 as last
     from pg_get_serial_sequence('${table}', 'id') as sequence`,
    [count],
  );
  return Number(rows[0]!.last);
}

/** Adds to the given columns, by their place. */
function* shift(rows: Iterable<Row>, by: Readonly<Record<number, number>>): Generator<Row> {
  const places = Object.entries(by).filter(([, offset]) => offset !== 0);
  for (const row of rows) {
    if (places.length === 0) {
      yield row;
      continue;
    }
    const shifted = [...row];
    for (const [place, offset] of places) shifted[Number(place)] = Number(shifted[Number(place)]) + offset;
    yield shifted;
  }
}

async function inTransaction<T>(client: ClientBase, work: () => Promise<T>): Promise<T> {
  await client.query("begin");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => undefined);
    throw error;
  }
}
