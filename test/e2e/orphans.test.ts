import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import pg from "pg";
import { request } from "undici";
import { isSameProcess, poll, type ProcessIdentity } from "../../src/kernel/index.ts";
import { directoriesOf } from "../../src/platform/index.ts";
import { startLoad } from "../support/load.ts";
import { createEchoProject } from "../support/projects.ts";
import { type RunningTenfold, startTenfold } from "../support/tenfold.ts";

function project(t: TestContext, orphanGrace: string): string {
  return createEchoProject(t, { drain: "5s" }, { database: { replicas: 1 }, orphanGrace });
}

/** Every process that the project's ledger names. */
function ledger(directory: string): { name: string; identity: ProcessIdentity }[] {
  const processes = join(directory, ".tenfold/run/processes");
  return readdirSync(processes).map((file) => JSON.parse(readFileSync(join(processes, file), "utf8")) as never);
}

async function databaseUrl(tenfold: RunningTenfold): Promise<string> {
  const response = await request(`${tenfold.url}/env`);
  return ((await response.body.json()) as Record<string, string>)["DATABASE_URL"]!;
}

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows as unknown[];
  } finally {
    await client.end();
  }
}

const notGone = (what: string) => ({
  everyMs: 50,
  deadlineMs: 60_000,
  onTimeout: () => new Error(`${what} still runs`),
});

test("when the platform is killed, all serves on for the grace, then nothing is left, and no data is lost", async (t) => {
  const directory = project(t, "1500ms");
  const first = await startTenfold(t, directory);
  await query(await databaseUrl(first), "create table kept as select 42 as answer");
  const processes = ledger(directory);
  assert.ok(processes.length >= 5, "a gateway, two instances, a primary and a replica");

  process.kill(first.pid, "SIGKILL");
  assert.equal((await request(`${first.url}/readyz`)).statusCode, 200, "the gateway serves on");
  for (const { name, identity } of processes) {
    await poll(() => (isSameProcess(identity) ? undefined : true), notGone(name));
  }
  await poll(() => (existsSync(directoriesOf(directory).sockets) ? undefined : true), notGone("the guardian"));
  await assert.rejects(request(`${first.url}/readyz`));

  const second = await startTenfold(t, directory);
  assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 42 }]);
});

test("a platform that comes back within the grace takes over without a failed request", async (t) => {
  const directory = project(t, "60s");
  const first = await startTenfold(t, directory);
  await query(await databaseUrl(first), "create table kept as select 43 as answer");
  const before = ledger(directory);
  const port = new URL(first.url).port;

  process.kill(first.pid, "SIGKILL");
  const load = startLoad(
    first.url,
    (n) => ({
      method: n % 2 === 0 ? "GET" : "PUT",
      path: `/item/${n}`,
      check: (status) => (status === 200 ? undefined : String(status)),
    }),
    4,
  );
  const second = await startTenfold(t, directory, ["--port", port]);
  assert.equal(second.url, first.url);
  for (const { name, identity } of before.filter(({ name }) => !/primary|replica/.test(name))) {
    await poll(() => (isSameProcess(identity) ? undefined : true), notGone(name));
  }
  const { failures } = await load.stop();
  assert.deepEqual(failures.slice(0, 5), []);
  assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 43 }]);
});

test("after `kill -9` of everything, the next start recovers with all data", async (t) => {
  const directory = project(t, "60s");
  const first = await startTenfold(t, directory);
  await query(await databaseUrl(first), "create table kept as select 44 as answer");
  const processes = ledger(directory);
  process.kill(first.pid, "SIGKILL");
  for (const { identity } of processes) process.kill(identity.pid, "SIGKILL");

  const second = await startTenfold(t, directory);
  assert.deepEqual(await query(await databaseUrl(second), "select answer from kept"), [{ answer: 44 }]);
});

test("`tenfold stop` ends what a killed platform left, within the grace too", async (t) => {
  const directory = project(t, "60s");
  const first = await startTenfold(t, directory);
  const processes = ledger(directory);
  process.kill(first.pid, "SIGKILL");
  assert.equal((await first.run("status")).code, 3);
  assert.equal((await first.run("stop")).code, 0);
  assert.deepEqual(
    processes.filter(({ identity }) => isSameProcess(identity)),
    [],
  );
});
