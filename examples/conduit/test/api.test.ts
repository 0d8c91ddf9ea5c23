import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createClient, type Article } from "../../../test/support/realworld/client.ts";
import { walkRealWorld } from "../../../test/support/realworld.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;
let app: TestApp;

before(async () => {
  postgres = await startPostgres();
  app = await startApp(await postgres.createDatabase("api"));
});

after(async () => {
  await app?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

test("the whole RealWorld API answers as specified, to several visitors at once", async () => {
  await Promise.all([walkRealWorld(app.url), walkRealWorld(app.url), walkRealWorld(app.url)]);
});

test("favourites that come and go at once are counted right", async () => {
  const client = createClient(app.url);
  const author = await client.register("author");
  const readers = await Promise.all(["a", "b", "c", "d"].map((name) => client.register(name)));
  const article = await write(client, author.token, "Liked by many");
  const favorite = `/articles/${article.slug}/favorite`;

  // Each reader clicks three times at once; then half of them change their minds, twice at once.
  const clicks = readers.flatMap(({ token }) => [token, token, token]);
  await Promise.all(clicks.map((token) => client.expect(200, "POST", favorite, { token })));
  assert.equal((await client.expect(200, "GET", `/articles/${article.slug}`)).article.favoritesCount, 4);
  const regrets = readers.slice(0, 2).flatMap(({ token }) => [token, token]);
  await Promise.all(regrets.map((token) => client.expect(200, "DELETE", favorite, { token })));
  assert.equal((await client.expect(200, "GET", `/articles/${article.slug}`)).article.favoritesCount, 2);
});

test("articles of one title, written and renamed at once, get slugs of their own", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const title = `Race ${client.unique}`;
  const written = await Promise.all(Array.from({ length: 50 }, () => write(client, token, title)));
  const others = await Promise.all(
    Array.from({ length: 4 }, (_, i) => write(client, token, `Late ${client.unique} ${i}`)),
  );
  const renamed = await Promise.all(
    others.map(async ({ slug }) => {
      return (await client.expect(200, "PUT", `/articles/${slug}`, { token, body: { article: { title } } })).article;
    }),
  );
  const slugs = new Set([...written, ...renamed].map(({ slug }) => slug));
  assert.equal(slugs.size, 54);
  assert.ok(slugs.has(`race-${client.unique}`));
});

test("an article called Feed can be read", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const { slug } = await write(client, token, "Feed");
  assert.equal((await client.expect(200, "GET", `/articles/${slug}`)).article.title, "Feed");
});

test("one of many who register the same name at once gets it", async () => {
  const client = createClient(app.url);
  const attempts = Array.from({ length: 5 }, (_, i) => {
    const user = { username: `race-${client.unique}`, email: `race-${i}-${client.unique}@example.com`, password: "x" };
    return fetch(new URL("/api/users", app.url), {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ user }),
    });
  });
  const statuses = (await Promise.all(attempts)).map(({ status }) => status);
  assert.deepEqual(
    statuses.toSorted((a, b) => a - b),
    [201, 422, 422, 422, 422],
  );
});

test("a token outlives its user without harm", async () => {
  const client = createClient(app.url);
  const { username, token } = await client.register("leaver");
  await app.database.db.deleteFrom("users").where("username", "=", username).execute();
  await client.refuse(401, { token: ["is invalid"] }, "GET", "/user", { token });
  const article = { title: "From nowhere", description: "d", body: "b" };
  await client.refuse(401, { token: ["is invalid"] }, "POST", "/articles", { token, body: { article } });
});

async function write(client: ReturnType<typeof createClient>, token: string, title: string): Promise<Article> {
  const article = { title, description: "A description", body: "A body", tagList: ["race"] };
  return (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
}
