import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { test } from "node:test";
import { createDatabase } from "../../src/database/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import { startDatabase } from "../support/databases.ts";
import { rejectsWith, until } from "../support/engines.ts";

const pause = "select pg_sleep(0.02)";

test("there are never more connections than allowed, and all are served in turn", async (t) => {
  const { db, asAdmin } = await startDatabase(t, { options: { connections: 3, waitMs: 10_000 } });
  let most = 0;
  const watching = until(async () => {
    const [row] = await asAdmin(
      0,
      "select count(*)::int as n from pg_stat_activity where application_name = 'tenfold' and usename = 'tenfold'",
    );
    most = Math.max(most, row!["n"] as number);
    return db.waitingCount === 0 && db.totalCount === db.idleCount && most > 0;
  });
  await Promise.all(Array.from({ length: 60 }, () => db.query(pause)));
  await watching;
  assert.equal(db.totalCount, 3);
  assert.ok(most <= 3, `${most}`);
});

test("a full line is an error at once, a wait that is too long one in time", async (t) => {
  const { db } = await startDatabase(t, { options: { connections: 1, waitMs: 200, maxWaiting: 2 } });
  await db.query("select 1");
  const busy = db.query("select pg_sleep(1)");
  const waiting = [db.query("select 2"), db.query("select 3")];
  await rejectsWith("DATABASE_POOL_FULL", db.query("select 4"));
  for (const each of waiting) await rejectsWith("DATABASE_POOL_TIMEOUT", each);
  await busy;
  await db.query("select 5");
});

test("a statement that takes too long is cancelled on the server, and its connection goes on", async (t) => {
  const { db, asAdmin } = await startDatabase(t, { options: { connections: 1 } });
  const { rows: before } = await db.query("select pg_backend_pid() as pid");
  await rejectsWith("DATABASE_STATEMENT_TIMEOUT", db.query({ text: "select pg_sleep(60)", timeoutMs: 100 }));
  const { rows: after } = await db.query("select pg_backend_pid() as pid");
  assert.deepEqual(after, before);
  assert.deepEqual(
    await asAdmin(
      0,
      "select 1 from pg_stat_activity where query like '%pg_sleep(60)%' and state = 'active' and pid <> pg_backend_pid()",
    ),
    [],
  );
});

test("who gives up is answered at once, in line or under way", async (t) => {
  const { db } = await startDatabase(t, { options: { connections: 1 } });
  await db.query("select 1");
  const enough = new Error("enough");
  const [running, waiting] = [new AbortController(), new AbortController()];
  const first = assert.rejects(db.query({ text: "select pg_sleep(60)", signal: running.signal }), enough);
  const second = assert.rejects(db.query({ text: "select 2", signal: waiting.signal }), enough);
  waiting.abort(enough);
  await second;
  running.abort(enough);
  await first;
  await db.query("select 3");
});

test("a server that accepts and never answers is said to be silent", async (t) => {
  const sockets: Socket[] = [];
  const server = createServer((socket) => void sockets.push(socket)).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp(t, () => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const db = createDatabase({ url: `postgres://app:secret@127.0.0.1:${port}/app`, replicaUrls: [], connectMs: 200 });
  cleanUp(t, () => db.end());
  await rejectsWith("DATABASE_SERVER_SILENT", db.query("select 1"));
});

test("a connection that is cut during a write leaves the outcome unknown, during a read nobody notices", async (t) => {
  const { db, asAdmin } = await startDatabase(t, { options: { connections: 2 } });
  await db.query("create table notes (body text)");
  await db.query("select 1 as warm");
  const cut = (like: string): Promise<void> =>
    until(async () => {
      const rows = await asAdmin(
        0,
        `select pg_terminate_backend(pid) from pg_stat_activity where query like '${like}%' and state = 'active'`,
      );
      return rows.length > 0;
    });
  const slowWrite = "insert into notes select 'x' from (select pg_sleep(30)) s";
  const written = rejectsWith("DATABASE_OUTCOME_UNKNOWN", db.query(slowWrite));
  await cut("insert into notes");
  await written;
  const slowRead = db.read.query("select count(*)::int as n from generate_series(1, 3000000) g");
  await cut("select count(*)::int as n from generate_series");
  assert.deepEqual((await slowRead).rows, [{ n: 3_000_000 }]);
});
