import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient, type Call, type Client } from "../../../test/support/realworld/client.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;
let app: TestApp;

before(async () => {
  postgres = await startPostgres();
  app = await startApp(await postgres.createDatabase("caching"));
});

after(async () => {
  await app?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

const forCaches = "public, max-age=30, stale-while-revalidate=30, stale-if-error=300";

async function headers(client: Client, method: string, path: string, call?: Call): Promise<Headers> {
  const answer = await client.ask(method, path, call);
  await answer.arrayBuffer();
  return answer.headers;
}

/** The names of a list, without the ids. */
function kinds(list: string | null): string[] {
  return [...(list ?? "").matchAll(/"(\w+)(?::\d+)?"/g)].map(([, kind]) => kind!);
}

test("what strangers read is for shared caches, and names what it shows; what users read is for them alone", async () => {
  const client = createClient(app.url);
  const { username, token } = await client.register("author");
  const article = { title: "Cached", description: "d", body: "b", tagList: ["caching"] };
  const { slug } = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  await client.expect(200, "POST", `/articles/${slug}/comments`, { token, body: { comment: { body: "c" } } });

  for (const [path, shown] of [
    [`/articles/${slug}`, ["article", "user"]],
    ["/articles", ["articles", "article", "user"]],
    [`/articles?favorited=${username}`, ["articles", "favorites"]],
    [`/articles/${slug}/comments`, ["comments", "user"]],
    [`/profiles/${username}`, ["user"]],
  ] as const) {
    const forStrangers = await headers(client, "GET", path);
    assert.equal(forStrangers.get("cdn-cache-control"), forCaches, path);
    assert.equal(forStrangers.get("cache-control"), "public, no-cache", path);
    assert.equal(forStrangers.get("vary"), "authorization", path);
    assert.deepEqual(kinds(forStrangers.get("cache-groups")), shown, path);
    assert.equal(forStrangers.get("cache-tag"), forStrangers.get("cache-groups")!.replaceAll('"', ""), path);

    const forUser = await headers(client, "GET", path, { token });
    assert.equal(forUser.get("cache-control"), "private, no-cache", path);
    assert.equal(forUser.get("vary"), "authorization", path);
    assert.equal(forUser.get("cdn-cache-control"), null, path);
  }
  const tags = await headers(client, "GET", "/tags", { token });
  assert.equal(tags.get("cdn-cache-control"), forCaches, "tags are the same for all");
  assert.equal(tags.get("vary"), null);
  for (const path of ["/user", "/articles/feed", "/articles/no-such-article", "/articles?limit=0"]) {
    assert.equal((await headers(client, "GET", path, { token })).get("cache-control"), "no-store", path);
  }
});

test("each change names what it makes stale, and no more", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const other = await client.register("other");
  const changed = async (method: string, path: string, body?: object): Promise<string[]> =>
    kinds((await headers(client, method, path, { token, body })).get("cache-group-invalidation"));
  const article = { title: `Changing ${client.unique}`, description: "d", body: "b" };
  const path = `/articles/changing-${client.unique}`;

  assert.deepEqual(await changed("POST", "/articles", { article }), ["articles"]);
  assert.deepEqual(await changed("POST", "/articles", { article: { ...article, tagList: ["a"] } }), [
    "articles",
    "tags",
  ]);
  assert.deepEqual(await changed("PUT", path, { article: { body: "c" } }), ["article"]);
  assert.deepEqual(await changed("PUT", path, { article: { tagList: ["b"] } }), ["article", "articles", "tags"]);
  assert.deepEqual(await changed("POST", `${path}/favorite`), ["article", "favorites"]);
  assert.deepEqual(await changed("DELETE", `${path}/favorite`), ["article", "favorites"]);
  assert.deepEqual(await changed("POST", `${path}/comments`, { comment: { body: "c" } }), ["comments"]);
  const [comment] = (await client.expect(200, "GET", `${path}/comments`)).comments;
  assert.deepEqual(await changed("DELETE", `${path}/comments/${comment!.id}`), ["comments"]);
  assert.deepEqual(await changed("POST", `/profiles/${other.username}/follow`), []);
  assert.deepEqual(await changed("PUT", "/user", { user: { bio: "b" } }), ["user"]);
  assert.deepEqual(await changed("PUT", "/user", { user: { username: `new-${client.unique}` } }), ["user", "articles"]);
  const title = `Changed ${client.unique}`;
  assert.deepEqual(await changed("PUT", path, { article: { title } }), ["article", "comments"]);
  const renamed = `/articles/changed-${client.unique}`;
  assert.deepEqual(await changed("DELETE", renamed), ["article", "comments", "articles", "tags"]);
  assert.deepEqual(await changed("DELETE", renamed), [], "what failed has changed nothing");
});

test("a list that shows more than caches look at is not for them", async () => {
  const client = createClient(app.url);
  const { db } = app.database;
  const user = (n: number) => ({ username: `many-${n}`, email: `many-${n}@example.com`, password_hash: "" });
  const users = Array.from({ length: 65 }, (_, n) => user(n));
  const authors = await db.insertInto("users").values(users).returning("id").execute();
  const article = (id: number) => ({ slug: `by-${id}`, title: "t", description: "d", body: "b", author_id: id });
  await db
    .insertInto("articles")
    .values(authors.map(({ id }) => article(id)))
    .execute();
  assert.equal((await headers(client, "GET", "/articles?limit=63")).get("cdn-cache-control"), forCaches);
  assert.equal((await headers(client, "GET", "/articles?limit=65")).get("cache-control"), "no-store");
});

test("who has an answer already is told so, also when a cache in between calls its tag weak", async () => {
  const ask = (etag?: string): Promise<Response> =>
    fetch(new URL("/api/tags", app.url), { headers: etag === undefined ? {} : { "if-none-match": etag } });
  const first = await ask();
  await first.arrayBuffer();
  const etag = first.headers.get("etag")!;
  for (const known of [etag, `W/${etag}`, `"other", ${etag}`]) {
    const answer = await ask(known);
    assert.equal(answer.status, 304);
    assert.equal(await answer.text(), "");
    assert.equal(answer.headers.get("etag"), etag);
    assert.equal(answer.headers.get("cache-groups"), '"tags"');
  }
  assert.equal((await ask('"other"')).status, 200);
});
