import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { after, before, test } from "node:test";
import { createClient } from "../../../test/support/realworld/client.ts";
import { secret, startApp, type TestApp } from "./support/app.ts";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";

let postgres: TestPostgres;
let app: TestApp;

before(async () => {
  postgres = await startPostgres();
  app = await startApp(await postgres.createDatabase("hostile"));
});

after(async () => {
  await app?.[Symbol.asyncDispose]();
  await postgres?.[Symbol.asyncDispose]();
});

const article = { title: "A title", description: "A description", body: "A body" };

test("text that cannot be stored or read is the sender's error, wherever it stands", async () => {
  const client = createClient(app.url);
  const { token, username } = await client.register("author");
  const { slug } = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  for (const [method, path, body] of [
    ["POST", "/articles", { article: { ...article, title: "a \0 b" } }],
    ["POST", "/articles", { article: { ...article, tagList: ["\0"] } }],
    ["PUT", `/articles/${slug}`, { article: { body: "\0" } }],
    ["POST", `/articles/${slug}/comments`, { comment: { body: "\0" } }],
    ["PUT", "/user", { user: { bio: "\0" } }],
    ["POST", "/users", { user: { username: "\0", email: "null@example.com", password: "secret" } }],
    ["POST", "/users/login", { user: { email: "\0", password: "secret" } }],
    ["GET", "/articles?tag=%00", undefined],
    ["GET", "/profiles/%00", undefined],
    ["POST", "/articles/%00/favorite", undefined],
  ] as const) {
    await client.refuse(422, {}, method, path, { token, body });
  }
  await client.refuse(404, { route: ["not found"] }, "GET", "/articles/%zz");
  await client.refuse(404, { route: ["not found"] }, "GET", `/profiles/${"x".repeat(2_000)}`);
  // Wildcards of SQL are letters like any other.
  assert.equal((await client.expect(200, "GET", "/articles?author=%25")).articlesCount, 0);
  assert.equal((await client.expect(200, "GET", `/articles?author=${username.slice(0, -1)}_`)).articlesCount, 0);
});

test("what is too long or too large is refused, and a sentence says how long it may be", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const refuse = (status: number, problems: Record<string, string[]>, change: object): Promise<void> =>
    client.refuse(status, problems, "POST", "/articles", { token, body: { article: { ...article, ...change } } });
  await refuse(422, { title: ["is too long (maximum is 255 characters)"] }, { title: "x".repeat(256) });
  await refuse(422, { tagList: ["has too many items (maximum is 32)"] }, { tagList: Array(33).fill("x") });
  await refuse(413, { body: ["is too large"] }, { body: "x".repeat(2 ** 21) });
  await client.refuse(422, { body: ["is not valid JSON"] }, "POST", "/articles", { token, body: "[".repeat(100_000) });
});

test("only whole numbers of the right size are numbers", async () => {
  const client = createClient(app.url);
  for (const value of ["1.5", "true", "1e3", "0x10", "-1", "many", "", "1&limit=2"]) {
    await client.refuse(422, {}, "GET", `/articles?limit=${value}`);
  }
  await client.refuse(422, {}, "GET", "/articles?offset=99999999999999999999");
  await client.expect(200, "GET", "/articles?limit=99999999999999999999");

  const { token } = await client.register("author");
  const { slug } = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  const comments = `/articles/${slug}/comments`;
  const { id } = (await client.expect(200, "POST", comments, { token, body: { comment: { body: "Stays" } } })).comment;
  for (const value of [`${id}.5`, "abc", "-1", "99999999999999999999"]) {
    await client.refuse(422, {}, "DELETE", `${comments}/${value}`, { token });
  }
  assert.equal((await client.expect(200, "GET", comments)).comments.length, 1);
});

test("an empty body is none under any name, and a body is JSON or refused", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("reader");
  const { slug } = (await client.expect(201, "POST", "/articles", { token, body: { article } })).article;
  const send = (contentType: string, path: string, body: string): Promise<Response> => {
    const headers = { authorization: `Token ${token}`, "content-type": contentType };
    return fetch(new URL(`/api${path}`, app.url), { method: "POST", headers, body });
  };
  const json = JSON.stringify({ article });
  for (const type of ["application/json", "text/plain", "application/x-www-form-urlencoded"]) {
    assert.equal((await send(type, `/articles/${slug}/favorite`, "")).status, 200, type);
    assert.equal((await send(type, "/articles", "")).status, 422, type);
    assert.equal((await send(type, "/articles", json)).status, type === "application/json" ? 201 : 415, type);
  }
});

test("keys that would change an object's nature, or that only the API may set, change nothing", async () => {
  const client = createClient(app.url);
  const { token } = await client.register("author");
  const polluting = `{"__proto__":{"a":1},"article":{"__proto__":{"a":1},"constructor":{"prototype":{"a":1}},${JSON.stringify(
    { ...article, slug: "mine", author_id: 1, favoritesCount: 9, createdAt: "2000-01-01" },
  ).slice(1)}}`;
  const created = (await client.expect(201, "POST", "/articles", { token, body: polluting })).article;
  assert.notEqual(created.slug, "mine");
  assert.equal(created.favoritesCount, 0);
  assert.ok(!("a" in {}));
  await client.expect(200, "GET", "/articles?__proto__=1&constructor=1&limit=1");
});

test("a token that the API has not signed, or that has expired, opens nothing", async () => {
  const client = createClient(app.url);
  const now = Math.floor(Date.now() / 1000);
  const good = { sub: "1", exp: now + 60 };
  for (const token of [
    sign({ alg: "none" }, good, ""),
    `${encode({ alg: "none" })}.${encode(good)}.`,
    sign({ alg: "HS256" }, good, "another secret, as long as the right one"),
    sign({ alg: "HS256" }, { ...good, exp: now - 1 }),
    sign({ alg: "HS256" }, { sub: "1" }),
    sign({ alg: "HS256" }, { exp: now + 60 }),
    sign({ alg: "HS256" }, { ...good, sub: "nobody" }),
  ]) {
    await client.refuse(401, { token: ["is invalid"] }, "GET", "/user", { token });
    await client.refuse(401, { token: ["is invalid"] }, "GET", "/articles", { token });
  }
  await client.refuse(401, { token: ["is missing"] }, "GET", "/user", { token: "" });
  await client.expect(200, "GET", "/articles", { token: "" });
});

function sign(header: object, payload: object, key = secret): string {
  const text = `${encode(header)}.${encode(payload)}`;
  return `${text}.${createHmac("sha256", key).update(text).digest("base64url")}`;
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
