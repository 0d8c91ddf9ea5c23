import assert from "node:assert/strict";
import type { Article, Client, Comment, User } from "./client.ts";

/** What readers do: follow, favour, comment, and read their feed. */
export async function walkReaders(client: Client): Promise<void> {
  const author = await client.register("frida");
  const reader = await client.register("goran");
  const article = {
    title: `Worth reading ${client.unique}`,
    description: "By somebody to follow",
    body: "A body",
    tagList: ["reading"],
  };
  const written = (await client.expect(201, "POST", "/articles", { token: author.token, body: { article } })).article;

  await following(client, author, reader, written);
  await favouring(client, reader, written);
  await commenting(client, author, reader, written);
  await client.expect(204, "DELETE", `/articles/${written.slug}`, { token: author.token });
}

async function following(client: Client, author: User, { token }: User, { slug }: Article): Promise<void> {
  const path = `/profiles/${author.username}`;
  const profile = { username: author.username, bio: "", image: "" };
  const stranger = { ...profile, following: false };
  const followed = { ...profile, following: true };
  const feed = async (query = "") => client.expect(200, "GET", `/articles/feed${query}`, { token });

  assert.deepEqual((await client.expect(200, "GET", path)).profile, stranger);
  assert.deepEqual((await client.expect(200, "GET", path, { token })).profile, stranger);
  assert.deepEqual(await feed(), { articles: [], articlesCount: 0 });

  for (const _again of ["", " again"]) {
    assert.deepEqual((await client.expect(200, "POST", `${path}/follow`, { token })).profile, followed);
  }
  assert.deepEqual((await client.expect(200, "GET", path, { token })).profile, followed);
  assert.deepEqual((await client.expect(200, "GET", path)).profile, stranger);
  assert.deepEqual((await client.expect(200, "GET", `/articles/${slug}`, { token })).article.author, followed);

  const { articles, articlesCount } = await feed();
  assert.equal(articlesCount, 1);
  assert.equal(articles[0]?.slug, slug);
  assert.ok(!("body" in articles[0]));
  assert.deepEqual(articles[0]?.author, followed);
  assert.deepEqual(await feed("?limit=1&offset=1"), { articles: [], articlesCount: 1 });

  for (const _again of ["", " again"]) {
    assert.deepEqual((await client.expect(200, "DELETE", `${path}/follow`, { token })).profile, stranger);
  }
  assert.deepEqual(await feed(), { articles: [], articlesCount: 0 });

  const nobody = `/profiles/nobody-${client.unique}`;
  await client.refuse(404, { profile: ["not found"] }, "GET", nobody);
  await client.refuse(404, { profile: ["not found"] }, "POST", `${nobody}/follow`, { token });
  await client.refuse(404, { profile: ["not found"] }, "DELETE", `${nobody}/follow`, { token });
}

async function favouring(client: Client, { username, token }: User, article: Article): Promise<void> {
  const path = `/articles/${article.slug}`;
  const favoured = { ...article, favorited: true, favoritesCount: 1 };
  const listed = async () => {
    const { articles, articlesCount } = await client.expect(200, "GET", `/articles?favorited=${username}`, { token });
    return { slugs: articles.map(({ slug, favorited }) => ({ slug, favorited })), articlesCount };
  };

  for (const _again of ["", " again"]) {
    assert.deepEqual((await client.expect(200, "POST", `${path}/favorite`, { token })).article, favoured);
  }
  assert.deepEqual((await client.expect(200, "GET", path, { token })).article, favoured);
  assert.deepEqual((await client.expect(200, "GET", path)).article, { ...favoured, favorited: false });
  assert.deepEqual(await listed(), { slugs: [{ slug: article.slug, favorited: true }], articlesCount: 1 });

  for (const _again of ["", " again"]) {
    assert.deepEqual((await client.expect(200, "DELETE", `${path}/favorite`, { token })).article, article);
  }
  assert.deepEqual(await listed(), { slugs: [], articlesCount: 0 });

  const missing = `/articles/no-such-${client.unique}/favorite`;
  await client.refuse(404, { article: ["not found"] }, "POST", missing, { token });
  await client.refuse(404, { article: ["not found"] }, "DELETE", missing, { token });
}

async function commenting(client: Client, author: User, { username, token }: User, { slug }: Article): Promise<void> {
  const path = `/articles/${slug}/comments`;
  const say = async (body: string): Promise<Comment> =>
    (await client.expect(200, "POST", path, { token, body: { comment: { body } } })).comment;
  const list = async (): Promise<Comment[]> => (await client.expect(200, "GET", path)).comments;

  assert.deepEqual(await list(), []);
  const first = await say("Thank you so much!");
  assert.deepEqual(first, {
    id: first.id,
    body: "Thank you so much!",
    createdAt: first.createdAt,
    updatedAt: first.createdAt,
    author: { username, bio: "", image: "", following: false },
  });
  assert.ok(Number.isInteger(first.id));
  const second = await say("One more thing");
  assert.deepEqual(await list(), [second, first]);
  assert.deepEqual((await client.expect(200, "GET", path, { token })).comments, [second, first]);

  const blank = { comment: { body: "" } };
  await client.refuse(422, { body: ["can't be blank"] }, "POST", path, { token, body: blank });
  await client.refuse(403, { comment: ["forbidden"] }, "DELETE", `${path}/${first.id}`, { token: author.token });
  await client.refuse(404, { comment: ["not found"] }, "DELETE", `${path}/999999999999`, { token });

  await client.expect(204, "DELETE", `${path}/${first.id}`, { token });
  await client.refuse(404, { comment: ["not found"] }, "DELETE", `${path}/${first.id}`, { token });
  assert.deepEqual(await list(), [second]);

  const missing = `/articles/no-such-${client.unique}/comments`;
  const body = { comment: { body: "Anybody here?" } };
  await client.refuse(404, { article: ["not found"] }, "GET", missing);
  await client.refuse(404, { article: ["not found"] }, "POST", missing, { token, body });
  await client.refuse(404, { article: ["not found"] }, "DELETE", `${missing}/${second.id}`, { token });
}
