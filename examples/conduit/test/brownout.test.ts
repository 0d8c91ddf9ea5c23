import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type Body, createClient, type Client } from "../../../test/support/realworld/client.ts";
import { startApp, type TestApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;
let app: TestApp;

before(async () => {
  postgres = await startPostgres();
  app = await startApp(await postgres.createDatabase("brownout"));
});

after(async () => {
  await app?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

async function list(path: string, headers: Record<string, string>) {
  const answer = await fetch(`${app.url}/api${path}`, { headers });
  assert.equal(answer.status, 200);
  const { articles, articlesCount } = (await answer.json()) as Body;
  return { titles: articles.map(({ title }) => title), articlesCount, kept: answer.headers.get("cache-control") };
}

async function writeArticles(client: Client, token: string): Promise<void> {
  for (const title of ["one", "two", "three", "four", "five"]) {
    const article = { title, description: "d", body: "b" };
    await client.expect(201, "POST", "/articles", { token, body: { article } });
  }
}

test("under pressure lists are not counted, show the same articles, and are kept by nobody", async () => {
  const client = createClient(app.url);
  const author = await client.register("author");
  const reader = await client.register("reader");
  await writeArticles(client, author.token);
  await client.expect(200, "POST", `/profiles/${author.username}/follow`, { token: reader.token });
  const authorization = `Token ${reader.token}`;

  for (const path of ["/articles?limit=2&", "/articles/feed?limit=2&"]) {
    const [usual, brownout] = [{ authorization }, { authorization, "x-tenfold-brownout": "1" }];
    for (const [offset, known] of [0, 2, 4].map((each, page) => [each, [3, 5, 5][page]])) {
      const whole = await list(`${path}offset=${offset}`, usual);
      const less = await list(`${path}offset=${offset}`, brownout);
      assert.deepEqual(less.titles, whole.titles);
      assert.equal(whole.articlesCount, 5);
      assert.equal(less.articlesCount, known);
      assert.equal(less.kept, "no-store");
    }
  }
  assert.equal((await list("/articles", { "x-tenfold-brownout": "1" })).kept, "no-store", "for strangers, too");
});
