import assert from "node:assert/strict";
import { test } from "node:test";
import { rejectsWith, until } from "../support/engines.ts";
import { delayReplay, portOf, portOfUrl, startDatabase } from "../support/databases.ts";

/** Stable, and reads nothing: it may be asked of any server. */
const whichServer = "select inet_server_port() as port";

test("reads go to a standby, everything else to the primary", async (t) => {
  // Patience, so that how fast this machine is does not matter.
  const options = { replicaWaitMs: 10_000, waitMs: 20_000 };
  const { db, cluster } = await startDatabase(t, { replicas: 1, options });
  const primary = portOfUrl(cluster.url);
  const standby = portOfUrl(cluster.replicaUrls[0]!);
  await db.query("create table notes (id serial primary key, body text)");
  await db.query("insert into notes (body) values ($1)", ["first"]);
  assert.equal(await portOf(db.query(whichServer)), standby);
  assert.equal(await portOf(db.read.strong.query(whichServer)), primary);
  assert.equal(await portOf(db.query("select inet_server_port() as port, random()")), primary, "volatile");
  assert.equal(await portOf(db.query("select inet_server_port() as port from notes for update")), primary);
  const inTransaction = await db.transaction((tx) =>
    tx.query(whichServer).then(({ rows }) => rows[0]!["port"] as number),
  );
  assert.equal(inTransaction, primary);
  const readOnly = await db.transaction((tx) => tx.query(whichServer).then(({ rows }) => rows[0]!["port"] as number), {
    readOnly: true,
  });
  assert.equal(readOnly, standby);
});

test("what was written is read, however far the standby is behind", async (t) => {
  const database = await startDatabase(t, { replicas: 1 });
  const { db, another } = database;
  await db.query("create table counters (id int primary key, n int not null)");
  await db.query("insert into counters values (1, 0)");
  for (const delay of ["0", "50ms", "2s"]) {
    await delayReplay(database, 1, delay);
    for (let i = 0; i < 50; i++) {
      await db.session(async () => {
        const { rows: written } = await db.query("update counters set n = n + 1 where id = 1 returning n");
        const { rows: read } = await db.query("select n from counters where id = 1");
        assert.ok(read[0]!.n >= written[0]!.n, `${delay}: ${read[0]!.n} after ${written[0]!.n}`);
      });
    }
  }
  // A client of another process goes on where it was, by its token.
  const other = another();
  const token = await db.session(async () => {
    await db.query("update counters set n = 1000 where id = 1");
    return db.token();
  });
  assert.ok(token !== undefined);
  const seen = await other.session(
    async () => (await other.query("select n from counters where id = 1")).rows[0]!.n,
    token,
  );
  assert.equal(seen, 1_000);
});

test("replay that is paused costs nobody a stale read", async (t) => {
  const { db, asAdmin } = await startDatabase(t, { replicas: 1 });
  await db.query("create table notes (body text)");
  await db.query("select 1");
  await until(async () => (await asAdmin(1, "select to_regclass('notes') as found"))[0]!["found"] !== null);
  await asAdmin(1, "select pg_wal_replay_pause()");
  // It is asked for, and done a moment later.
  const stateOf = "select pg_get_wal_replay_pause_state() as state";
  await until(async () => (await asAdmin(1, stateOf))[0]!["state"] === "paused");
  await db.session(async () => {
    await db.query("insert into notes values ('new')");
    const { rows } = await db.query("select body from notes");
    assert.equal(rows.length, 1);
    assert.equal((await db.read.any.query("select body from notes")).rows.length, 0, "it is paused indeed");
  });
});

test("a promotion is followed, and nothing that was acknowledged is lost", async (t) => {
  const { db, cluster } = await startDatabase(t, { replicas: 1 });
  await db.query("create table notes (id int primary key)");
  let acknowledged = 0;
  const over = new AbortController();
  const writing = (async () => {
    for (let id = 1; !over.signal.aborted; id++) {
      try {
        await db.query("insert into notes values ($1)", [id]);
        acknowledged++;
      } catch (error) {
        assert.match((error as { code: string }).code, /^DATABASE_(OUTCOME_UNKNOWN|NO_PRIMARY|POOL_TIMEOUT)$/);
      }
      const { rows } = await db.query("select count(*)::int as n from notes");
      assert.ok(rows[0]!.n >= acknowledged, `${rows[0]!.n} of ${acknowledged}`);
    }
  })();
  await cluster.promote("replica-1");
  await db.query("insert into notes values (-1)");
  over.abort();
  await writing;
  assert.ok(acknowledged > 0);
});

test("a write that is called a read is refused", async (t) => {
  const { db } = await startDatabase(t, { replicas: 1 });
  await db.query("create table notes (body text)");
  await rejectsWith("DATABASE_READ_WRITES", db.read.query("insert into notes values ('no')"));
  await rejectsWith(
    "DATABASE_READ_WRITES",
    db.read.query("with n as (insert into notes values ('no') returning *) select * from n"),
  );
});
