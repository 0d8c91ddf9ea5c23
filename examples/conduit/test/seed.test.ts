import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { createClient } from "../../../test/support/realworld/client.ts";
import { articles, articleTags, comments, demo, favorites, follows, sizes, users } from "../src/seed/dataset.ts";
import { createProgress } from "../src/seed/progress.ts";
import { startApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { run } from "./support/server.ts";

let postgres: TestPostgres;

before(async () => {
  postgres = await startPostgres();
});

after(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

test("the seed is the same data every time", () => {
  const small = { users: 20, articles: 50, favorites: 100, comments: 50, follows: 40 };
  const make = () => {
    const { rows, counts } = favorites(small);
    const tables = [users(small, "hash"), follows(small), articles(small, counts), articleTags(small), comments(small)];
    return [rows, ...tables.map((table) => Array.from<unknown>(table))];
  };
  assert.deepEqual(make(), make());
});

test("killed in the middle it leaves nothing, run again it seeds, and then it has nothing to do", async () => {
  const url = await postgres.createDatabase("seeded");
  const killed = run("seed", { DATABASE_URL: url });
  for await (const chunk of killed.process.stdout!) if (String(chunk).includes("articles")) break;
  killed.process.kill("SIGKILL");
  assert.equal((await killed.ended).signal, "SIGKILL");

  const client = new Client({ connectionString: url });
  await client.connect();
  const count = async (what: string): Promise<number> =>
    Number((await client.query<{ count: string }>(`select count(*) from ${what}`)).rows[0]!.count);
  assert.equal(await count("users"), 0);
  // Somebody who was quicker than the seed stays who they are.
  await client.query("insert into users (username, email, password_hash) values ('early', 'early@example.com', '')");

  const [first, second] = [run("seed", { DATABASE_URL: url }), run("seed", { DATABASE_URL: url })];
  const outputs = (await Promise.all([first.ended, second.ended])).map(({ output }) => output);
  assert.equal(outputs.filter((output) => output.includes("Seeded 1,000 users")).length, 1, outputs.join());
  assert.equal(outputs.filter((output) => output.includes("nothing to do")).length, 1, outputs.join());

  assert.equal(await count("users"), sizes.users + 1);
  assert.equal(await count("articles"), sizes.articles);
  assert.equal(await count("favorites"), sizes.favorites);
  assert.equal(await count("comments"), sizes.comments);
  assert.equal(await count("follows"), sizes.follows);
  assert.equal(await count("articles where length(body) not between 500 and 4500"), 0);
  const miscounted =
    "(select id from articles a where favorites_count <> (select count(*) from favorites where article_id = a.id)) x";
  assert.equal(await count(miscounted), 0);
  await client.end();

  await using app = await startApp(url);
  const api = createClient(app.url);
  const { user } = await api.expect(200, "POST", "/users/login", { body: { user: demo } });
  assert.equal(user.username, "demo");
  const feed = await api.expect(200, "GET", "/articles/feed", { token: user.token });
  assert.equal(feed.articles.length, 20);
  // What is written after the seed comes before it in every list.
  const article = { title: "Fresh", description: "d", body: "b" };
  await api.expect(201, "POST", "/articles", { token: user.token, body: { article } });
  const newest = await api.expect(200, "GET", "/articles?limit=2");
  assert.equal(newest.articles[0]?.title, "Fresh");
  assert.equal(newest.articlesCount, sizes.articles + 1);
});

test("progress is one line that redraws itself on a terminal, and plain lines elsewhere", () => {
  const show = (isTTY: boolean): string => {
    let text = "";
    const progress = createProgress({ isTTY, write: (more) => (text += more) }, 4_000);
    progress.step("users", 1_000);
    progress.advance(1_000);
    progress.step("articles", 3_000);
    progress.end();
    return text;
  };
  assert.equal(show(false), "users: 1,000\narticles: 3,000\n");
  assert.equal(
    show(true),
    `\r[${"-".repeat(30)}]   0 %  users\u001B[K\r[${"#".repeat(8)}${"-".repeat(22)}]  25 %  articles\u001B[K\r\u001B[K`,
  );
});
