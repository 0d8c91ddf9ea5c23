/**
 * The seed's data, the same at every run: who writes, who follows whom, what is liked and said. What people like is
 * never spread evenly, so tags, authors and articles are drawn by Zipf's law: a few are everywhere, most are rare, as
 * caches and indexes meet it in life. Everything is made row by row as it is loaded; only the favourites are kept, for
 * their counts.
 */
import { toSlug } from "../features/articles/slug.ts";
import { writeArticle, writeComment, writePhrase } from "./prose.ts";
import { createRandom, createZipf, shuffled } from "./random.ts";
import { bios, firstNames, lastNames, tags } from "./vocabulary.ts";

export interface Sizes {
  readonly users: number;
  readonly articles: number;
  readonly favorites: number;
  readonly comments: number;
  readonly follows: number;
}

export const sizes: Sizes = { users: 1_000, articles: 20_000, favorites: 60_000, comments: 40_000, follows: 10_000 };

/** The first user: written about in the README, so that anybody can sign in. */
export const demo = { username: "demo", email: "demo@conduit.example", password: "conduit-demo" };

/** What a table's row is, in the order of the columns it is loaded with. Users and articles are numbered from 1. */
export type Row = readonly (string | number | Date)[];

const day = 24 * 60 * 60 * 1000;
const firstDay = Date.UTC(2023, 0, 1);
const lastDay = Date.UTC(2025, 11, 31);

export function* users({ users }: Sizes, passwordHash: string): Generator<Row> {
  const random = createRandom(1);
  const taken = new Set([demo.username]);
  yield row(demo.username, demo.email, "The account to look around with.", 0);
  for (let id = 1; id < users; id++) {
    const name = `${random.pick(firstNames)}.${random.pick(lastNames)}`;
    const username = taken.has(name) ? `${name}${id}` : name;
    taken.add(username);
    yield row(username, `${username}@conduit.example`, random.next() < 0.7 ? writePhrase(random, bios) : "", id);
  }

  function row(username: string, email: string, bio: string, index: number): Row {
    const image = `https://api.dicebear.com/9.x/identicon/svg?seed=${encodeURIComponent(username)}`;
    return [index + 1, username, email, passwordHash, bio, image, new Date(firstDay - (users - index) * 60_000)];
  }
}

/** The demo user follows the ten busiest authors, so that the feed has something to show. */
export function* follows({ users, follows }: Sizes): Generator<Row> {
  const random = createRandom(2);
  const followee = createZipf(random, users, 0.8);
  const pairs = createPairs(users);
  for (let id = 2; id <= 11; id++) if (pairs.add(1, id)) yield [1, id];
  while (pairs.size < follows) {
    const [from, to] = [1 + random.below(users), 1 + followee()];
    if (from !== to && pairs.add(from, to)) yield [from, to];
  }
}

export function* articles(sizes: Sizes, favoritesCounts: Uint32Array): Generator<Row> {
  const random = createRandom(3);
  const author = createZipf(random, sizes.users, 0.6);
  const slugs = new Set<string>(["feed"]);
  for (let index = 0; index < sizes.articles; index++) {
    const { title, description, body } = writeArticle(random);
    const plain = toSlug(title);
    const slug = slugs.has(plain) ? `${plain}-${index.toString(36)}` : plain;
    slugs.add(slug);
    const writtenAt = writingTime(index, sizes);
    yield [index + 1, slug, title, description, body, 1 + author(), favoritesCounts[index]!, writtenAt, writtenAt];
  }
}

export function* articleTags({ articles }: Sizes): Generator<Row> {
  const random = createRandom(4);
  const rank = createZipf(random, tags.length, 1);
  for (let id = 1; id <= articles; id++) {
    const chosen = new Set(Array.from({ length: random.between(1, 5) }, rank));
    for (const tag of chosen) yield [tags[tag]!, id];
  }
}

export interface Favorites {
  readonly rows: readonly Row[];
  /** Of each article, by its number less one. */
  readonly counts: Uint32Array;
}

export function favorites({ users, articles, favorites }: Sizes): Favorites {
  const random = createRandom(5);
  const rank = createZipf(random, articles, 0.7);
  const articleOf = shuffled(random, articles);
  const pairs = createPairs(articles);
  const counts = new Uint32Array(articles);
  const rows: Row[] = [];
  while (rows.length < favorites) {
    const [user, article] = [1 + random.below(users), 1 + articleOf[rank()]!];
    if (!pairs.add(user, article)) continue;
    counts[article - 1]!++;
    rows.push([user, article]);
  }
  return { rows, counts };
}

export function* comments(sizes: Sizes): Generator<Row> {
  const random = createRandom(6);
  const rank = createZipf(random, sizes.articles, 0.4);
  const articleOf = shuffled(random, sizes.articles);
  for (let index = 0; index < sizes.comments; index++) {
    const article = articleOf[rank()]!;
    const writtenAt = new Date(writingTime(article, sizes).getTime() + random.between(60_000, 7 * day));
    yield [index + 1, 1 + article, 1 + random.below(sizes.users), writeComment(random), writtenAt, writtenAt];
  }
}

/** Later numbers are later in time: newest first is highest first. */
function writingTime(index: number, { articles }: Sizes): Date {
  return new Date(firstDay + Math.round((index / articles) * (lastDay - firstDay)));
}

/** A set of pairs of numbers from 1; `add` tells whether the pair is new. */
function createPairs(span: number) {
  const seen = new Set<number>();
  return {
    get size() {
      return seen.size;
    },
    add(a: number, b: number): boolean {
      const before = seen.size;
      return seen.add(a * (span + 1) + b).size > before;
    },
  };
}
