import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { createClient } from "../../../test/support/realworld/client.ts";
import { startApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;

before(async () => {
  postgres = await startPostgres();
});

after(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

const unavailable = { database: ["is unavailable, try again"] };

test("while the database is away every request is told so, and afterwards all is as before", async () => {
  await using app = await startApp(await postgres.createDatabase("restarted"));
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const statuses = async () =>
    Promise.all(["/livez", "/readyz"].map(async (path) => (await fetch(app.url + path)).status));
  assert.deepEqual(await statuses(), [200, 200]);

  await postgres.stop();
  assert.deepEqual(await statuses(), [200, 503]);
  await client.refuse(503, unavailable, "GET", "/articles");
  await client.refuse(503, unavailable, "GET", "/user", { token });

  await postgres.start();
  assert.deepEqual(await statuses(), [200, 200]);
  await Promise.all(Array.from({ length: 20 }, () => client.expect(200, "GET", "/user", { token })));
});

test("on a primary that was made a replica, reading works and writing is told to try again", async () => {
  const url = await postgres.createDatabase("demoted");
  await using app = await startApp(url);
  const session = new Client({ connectionString: url });
  await session.connect();
  await session.query("alter database demoted set default_transaction_read_only = on");
  await session.end();

  const client = createClient(app.url);
  await client.expect(200, "GET", "/articles");
  const user = { username: "late", email: "late@example.com", password: "secret" };
  await client.refuse(503, unavailable, "POST", "/users", { body: { user } });
});

test("a request that finds no free connection is told so in time, and health is not asked to wait", async () => {
  const url = await postgres.createDatabase("busy");
  await using app = await startApp(url, 2);
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const article = { title: "Locked", description: "A description", body: "A body" };
  await client.expect(201, "POST", "/articles", { token, body: { article } });

  const locker = new Client({ connectionString: url });
  await locker.connect();
  await locker.query("begin; select from articles for update");
  const waiting = client.expect(200, "POST", "/articles/locked/favorite", { token });
  await untilLocked(locker);
  const late = client.refuse(503, unavailable, "GET", "/articles");
  assert.equal((await fetch(`${app.url}/readyz`)).status, 200);
  await late;

  await locker.query("commit");
  await locker.end();
  assert.equal((await waiting).article.favoritesCount, 1);
  await client.expect(200, "GET", "/articles");
});

/** Until somebody waits for what the client has locked. */
async function untilLocked(client: Client): Promise<void> {
  const deadline = Date.now() + 5_000;
  while ((await client.query("select from pg_locks where not granted")).rowCount === 0)
    assert.ok(Date.now() < deadline, "nobody waits for the lock");
}
