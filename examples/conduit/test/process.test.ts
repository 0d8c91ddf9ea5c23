import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, test } from "node:test";
import { Client } from "pg";
import { startPostgres, type TestPostgres } from "./support/postgres.ts";
import { run, startServer } from "./support/server.ts";

let postgres: TestPostgres;

before(async () => {
  postgres = await startPostgres();
});

after(async () => {
  await postgres?.[Symbol.asyncDispose]();
});

test("instances that start together on an empty database migrate it once", async () => {
  const url = await postgres.createDatabase("together");
  const servers = await Promise.all([startServer(url), startServer(url), startServer(url)]);
  const answers = await Promise.all(servers.map(async (server) => (await fetch(`${server.url}/readyz`)).status));
  assert.deepEqual(answers, [200, 200, 200]);

  for (const server of servers) server.process.kill("SIGTERM");
  const ends = await Promise.all(servers.map((server) => server.ended));
  assert.deepEqual(
    ends.map(({ code }) => code),
    [0, 0, 0],
  );
  assert.equal(ends.filter(({ output }) => output.includes('"msg":"migrated"')).length, 1);
});

test("on SIGTERM it calls itself unready, finishes what is in flight, and exits with 0", async () => {
  await using server = await startServer(await postgres.createDatabase("graceful"));
  // Both have begun a request, so neither connection is idle when the end is announced.
  const body = JSON.stringify({ user: { username: "late", email: "late@example.com", password: "secret" } });
  const registering = await open(server.url);
  const head = `host: x\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n`;
  registering.write(`POST /api/users HTTP/1.1\r\n${head}\r\n${body.slice(0, 5)}`);
  const asking = await open(server.url);
  asking.write("GET /readyz HTTP/1.1\r\n");
  await roundTrip(server.url);

  server.process.kill("SIGTERM");
  await refusesConnections(server.url);
  asking.write("host: x\r\n\r\n");
  registering.write(body.slice(5));
  assert.match(await readAll(asking), /^HTTP\/1\.1 503 [^]*"draining"/);
  assert.match(await readAll(registering), /^HTTP\/1\.1 201 [^]*"username":"late"/);
  assert.equal((await server.ended).code, 0);
});

test("it is unready, and alive, while the database lacks a migration", async () => {
  const url = await postgres.createDatabase("unmigrated");
  await using server = await startServer(url);
  const client = new Client({ connectionString: url });
  await client.connect();
  await client.query("delete from schema_migrations");
  await client.end();
  const answer = await fetch(`${server.url}/readyz`);
  assert.equal(answer.status, 503);
  assert.match(await answer.text(), /migrations are missing: 0001_create_tables\.sql/);
  assert.equal((await fetch(`${server.url}/livez`)).status, 200);
});

test("what is wrong with the environment is said at once, all of it", async () => {
  const { code, output } = await run("server", { NODE_ENV: "production", PORT: "many", DATABASE_POOL_SIZE: "1" }).ended;
  assert.equal(code, 1);
  for (const name of ["DATABASE_URL", "JWT_SECRET", "PORT", "DATABASE_POOL_SIZE"])
    assert.match(output, new RegExp(name));
});

test("a database that is not there is an error that names it, without its password", async () => {
  const url = new URL(await postgres.createDatabase("there"));
  url.pathname = "/not-there";
  url.password = "hidden";
  const { code, output } = await run("server", { DATABASE_URL: url.href }).ended;
  assert.equal(code, 1);
  assert.match(output, /not-there.* cannot be used: database "not-there" does not exist/);
  assert.doesNotMatch(output, /hidden/);
});

async function open(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, "connect");
  return socket;
}

/** What was written to other connections before has been read once this is answered. */
async function roundTrip(url: string): Promise<void> {
  await (await fetch(`${url}/livez`, { headers: { connection: "close" } })).text();
}

async function refusesConnections(url: string): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline) {
    try {
      (await open(url)).destroy();
    } catch {
      return;
    }
  }
  throw new Error("the server still accepts connections");
}

async function readAll(socket: Socket): Promise<string> {
  let text = "";
  for await (const chunk of socket) text += String(chunk);
  return text;
}
