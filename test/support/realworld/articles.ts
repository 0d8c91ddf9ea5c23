import assert from "node:assert/strict";
import type { Article, Client, User } from "./client.ts";

const timestamp = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;

/** Write, read, list, change and delete articles. */
export async function walkArticles(client: Client): Promise<void> {
  const author = await client.register("dora");
  const other = await client.register("emil");
  const tags = [`zebra-${client.unique}`, `aardvark-${client.unique}`];
  const first = await writing(client, author, tags);
  const second = await sameTitle(client, author, first);
  await listing(client, author, tags, [second, first]);
  await writingIsChecked(client, author);
  await ownership(client, other, first);
  const changed = await changing(client, author, first);
  await deleting(client, author, [changed, second], tags);
}

async function writing(client: Client, { username, token }: User, tagList: string[]): Promise<Article> {
  const given = {
    title: `How to train ${client.unique}`,
    description: "Ever wonder how?",
    body: "You have to believe",
  };
  const article = { ...given, tagList };
  const created = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  assert.deepEqual(created, {
    ...article,
    tagList: tagList.toSorted(),
    slug: `how-to-train-${client.unique}`,
    createdAt: created.createdAt,
    updatedAt: created.createdAt,
    favorited: false,
    favoritesCount: 0,
    author: { username, bio: "", image: "", following: false },
  });
  assert.match(created.createdAt, timestamp);
  assert.deepEqual((await client.expect(200, "GET", `/articles/${created.slug}`)).article, created);
  assert.deepEqual((await client.expect(200, "GET", `/articles/${created.slug}`, { token })).article, created);
  return created;
}

async function sameTitle(client: Client, { token }: User, { title, slug }: Article): Promise<Article> {
  const article = { title, description: "Another one", body: "With the same title" };
  const created = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  assert.notEqual(created.slug, slug);
  assert.deepEqual(created.tagList, []);
  assert.equal((await client.expect(200, "GET", `/articles/${created.slug}`)).article.body, article.body);
  return created;
}

/** Newest first, counted over all pages, without bodies. */
async function listing(client: Client, { username }: User, tags: string[], newestFirst: Article[]): Promise<void> {
  const author = `author=${encodeURIComponent(username)}`;
  const listed = newestFirst.map((article) => {
    const { body: _, ...rest } = article;
    return rest;
  });
  const list = async (query: string) => {
    const { articles, articlesCount } = await client.expect(200, "GET", `/articles?${query}`);
    return { articles, articlesCount };
  };

  assert.deepEqual(await list(author), { articles: listed, articlesCount: 2 });
  assert.deepEqual(await list(`${author}&limit=1`), { articles: [listed[0]], articlesCount: 2 });
  assert.deepEqual(await list(`${author}&limit=1&offset=1`), { articles: [listed[1]], articlesCount: 2 });
  assert.deepEqual(await list(`${author}&offset=2`), { articles: [], articlesCount: 2 });
  for (const tag of tags) assert.deepEqual(await list(`tag=${tag}`), { articles: [listed[1]], articlesCount: 1 });
  assert.deepEqual(await list(`tag=${tags[0]}&${author}`), { articles: [listed[1]], articlesCount: 1 });
  assert.deepEqual(await list(`tag=no-such-${client.unique}`), { articles: [], articlesCount: 0 });
  assert.deepEqual(await list(`author=nobody-${client.unique}`), { articles: [], articlesCount: 0 });

  const everything = await list("");
  assert.ok(everything.articles.length >= 2 && everything.articles.length <= 20);
  assert.ok(everything.articlesCount >= 2);
  const { articles: many } = await list("limit=100000");
  assert.ok(many.length <= 100, "a page has at most a hundred articles");

  const all = (await client.expect(200, "GET", "/tags")).tags;
  for (const tag of tags) assert.ok(all.includes(tag), `${tag} is not among the tags`);
  assert.equal(new Set(all).size, all.length);

  for (const [query, field] of [
    ["limit=0", "limit"],
    ["limit=many", "limit"],
    ["offset=-1", "offset"],
  ] as const) {
    const { errors } = await client.expect(422, "GET", `/articles?${query}`);
    assert.equal(errors[field]?.length, 1);
  }
}

async function writingIsChecked(client: Client, { token }: User): Promise<void> {
  const good = { title: "A title", description: "A description", body: "A body" };
  for (const field of ["title", "description", "body"] as const) {
    const { [field]: _, ...without } = good;
    for (const article of [{ ...good, [field]: "" }, { ...good, [field]: " \n" }, without]) {
      await client.refuse(422, { [field]: ["can't be blank"] }, "POST", "/articles", { token, body: { article } });
    }
  }
  const tagList = "not a list";
  await client.refuse(422, { tagList: ["is invalid"] }, "POST", "/articles", {
    token,
    body: { article: { ...good, tagList } },
  });
}

async function ownership(client: Client, { token }: User, { slug }: Article): Promise<void> {
  const body = { article: { body: "Hijacked" } };
  await client.refuse(403, { article: ["forbidden"] }, "PUT", `/articles/${slug}`, { token, body });
  await client.refuse(403, { article: ["forbidden"] }, "DELETE", `/articles/${slug}`, { token });
  const missing = `/articles/no-such-${client.unique}`;
  await client.refuse(404, { article: ["not found"] }, "GET", missing);
  await client.refuse(404, { article: ["not found"] }, "PUT", missing, { token, body });
  await client.refuse(404, { article: ["not found"] }, "DELETE", missing, { token });
}

async function changing(client: Client, { token }: User, before: Article): Promise<Article> {
  const change = async (slug: string, article: object): Promise<Article> =>
    (await client.expect(200, "PUT", `/articles/${slug}`, { token, body: { article } })).article;

  const rewritten = await change(before.slug, { body: "You have to practise" });
  assert.deepEqual(rewritten, { ...before, body: "You have to practise", updatedAt: rewritten.updatedAt });
  assert.ok(rewritten.updatedAt > before.updatedAt);

  const renamed = await change(before.slug, { title: `Did you train ${client.unique}?` });
  assert.equal(renamed.slug, `did-you-train-${client.unique}`);
  assert.equal(renamed.body, "You have to practise");
  assert.deepEqual((await client.expect(200, "GET", `/articles/${renamed.slug}`)).article, renamed);
  await client.refuse(404, { article: ["not found"] }, "GET", `/articles/${before.slug}`);

  await client.refuse(422, { title: ["can't be blank"] }, "PUT", `/articles/${renamed.slug}`, {
    token,
    body: { article: { title: "" } },
  });
  assert.deepEqual((await change(renamed.slug, { tagList: [] })).tagList, []);
  return renamed;
}

async function deleting(client: Client, { username, token }: User, articles: Article[], tags: string[]): Promise<void> {
  for (const { slug } of articles) {
    await client.expect(204, "DELETE", `/articles/${slug}`, { token });
    await client.refuse(404, { article: ["not found"] }, "GET", `/articles/${slug}`);
    await client.refuse(404, { article: ["not found"] }, "DELETE", `/articles/${slug}`, { token });
  }
  const author = `author=${encodeURIComponent(username)}`;
  assert.equal((await client.expect(200, "GET", `/articles?${author}`)).articlesCount, 0);
  const all = (await client.expect(200, "GET", "/tags")).tags;
  for (const tag of tags) assert.ok(!all.includes(tag), `${tag} outlives its articles`);
}
