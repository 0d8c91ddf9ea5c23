import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { isSameProcess, identifyProcess, poll, TenfoldError } from "../../src/kernel/index.ts";
import { killPlatformAt, query, rejectsWith, temporaryCluster, until } from "../support/engines.ts";

test("a first start makes a database that an application can use, and keeps it over a restart", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  await cluster.start();
  await query(cluster.url, "create table notes (body text)");
  await query(cluster.url, "insert into notes values ('kept')");
  const extensions = await query(cluster.url, "select extname from pg_extension where extname = 'pg_stat_statements'");
  assert.equal(extensions.length, 1);
  const settings = await query(
    cluster.url,
    "select current_setting('fsync') fsync, current_setting('max_connections') max, current_setting('listen_addresses') host, (select rolsuper from pg_roles where rolname = current_user) super",
  );
  assert.deepEqual(settings, [{ fsync: "on", max: "30", host: "127.0.0.1", super: false }]);

  const { url } = cluster;
  await cluster.stop();
  await cluster.stop();
  assert.deepEqual(await cluster.status(), []);
  await cluster.start();
  assert.equal(cluster.url, url, "the port and the password are kept");
  assert.deepEqual(await query(cluster.url, "select body from notes"), [{ body: "kept" }]);
  assert.equal(statSync(join(directory, "credentials.json")).mode & 0o777, 0o600);
});

test("passwords appear in no log, no command line and no statistics", async (t) => {
  const { cluster, directory } = temporaryCluster(t, { replicas: 1 });
  await cluster.start();
  const passwords = Object.values(
    JSON.parse(readFileSync(join(directory, "credentials.json"), "utf8")) as object,
  ) as string[];
  const logs = readdirSync(join(directory, "logs")).map((name) => readFileSync(join(directory, "logs", name), "utf8"));
  const pids = (await cluster.status()).map(({ pid }) => pid!);
  const commandLines =
    process.platform === "linux" ? pids.map((pid) => readFileSync(`/proc/${pid}/cmdline`, "utf8")) : [];
  const text = [...logs, ...commandLines].join("\n");
  for (const password of passwords) assert.ok(!text.includes(password));
});

test("a replica shows what the primary was told, and takes no writes", async (t) => {
  const { cluster } = temporaryCluster(t, { replicas: 2 });
  await cluster.start();
  await query(cluster.url, "create table notes (body text)");
  await query(cluster.url, "insert into notes values ('seen')");
  assert.equal(cluster.replicaUrls.length, 2);
  for (const url of cluster.replicaUrls) {
    await until(async () => (await query(url, "select body from notes").catch(() => [])).length === 1);
    await assert.rejects(query(url, "insert into notes values ('no')"), /read-only/);
  }
  const status = await cluster.status();
  assert.deepEqual(
    status.map(({ name, role, state }) => [name, role, state]),
    [
      ["primary", "primary", "ready"],
      ["replica-1", "replica", "ready"],
      ["replica-2", "replica", "ready"],
    ],
  );
  assert.ok(status.slice(1).every(({ lagBytes }) => lagBytes !== undefined && lagBytes >= 0));
});

test("replicas scale 1 → 2 → 0 between starts, and leave neither slots nor folders", async (t) => {
  const first = temporaryCluster(t, { replicas: 1 });
  await first.cluster.start();
  await first.cluster.stop();
  const two = first.again({ replicas: 2 });
  await two.start();
  assert.equal(two.replicaUrls.length, 2);
  await two.stop();
  const none = first.again({ replicas: 0 });
  await none.start();
  assert.deepEqual(await query(none.url, "select slot_name from pg_replication_slots"), []);
  assert.deepEqual(
    readdirSync(first.directory).filter((name) => /^node-\d+$/.test(name)),
    ["node-1"],
  );
});

test("a promotion keeps the URL, loses nothing, and makes a new replica", async (t) => {
  const first = temporaryCluster(t, { replicas: 2 });
  const { cluster } = first;
  await cluster.start();
  const { url } = cluster;
  await query(url, "create table notes (body text)");
  await query(url, "insert into notes values ('before')");
  await rejectsWith("ENGINES_UNKNOWN_REPLICA", cluster.promote("replica-9"));

  await cluster.promote("replica-1");
  assert.equal(cluster.url, url);
  await query(url, "insert into notes values ('after')");
  for (const replica of cluster.replicaUrls) {
    await until(async () => (await query(replica, "select body from notes")).length === 2);
  }
  assert.equal(cluster.replicaUrls.length, 2);

  await cluster.stop();
  const next = first.again({ replicas: 2 });
  await next.start();
  assert.equal(
    (await query(next.url, "select body from notes")).length,
    2,
    "the promoted one is the primary from now on",
  );
  assert.ok(!readdirSync(first.directory).includes("node-1"), "the old primary's data was all in the new one's");
});

test("the data of a primary that died before its replica was promoted is kept", async (t) => {
  const { cluster, directory } = temporaryCluster(t, { replicas: 1 });
  await cluster.start();
  await query(cluster.url, "create table notes (body text)");
  const pid = (await cluster.status())[0]!.pid!;
  process.kill(pid, "SIGKILL");
  await cluster.promote("replica-1");
  await query(cluster.url, "insert into notes values ('after')");
  assert.ok(readdirSync(directory).includes("node-1"), "it may hold what the replica never got");
});

test("a killed postmaster is started again with all that was committed, and its replica follows on", async (t) => {
  const { cluster } = temporaryCluster(t, { replicas: 1 });
  await cluster.start();
  await query(cluster.url, "create table notes (body text)");
  await query(cluster.url, "insert into notes values ('committed')");
  const before = (await cluster.status())[0]!;
  process.kill(before.pid!, "SIGKILL");
  await until(async () => {
    const now = (await cluster.status())[0]!;
    return now.state === "ready" && now.pid !== before.pid;
  });
  assert.deepEqual(await query(cluster.url, "select body from notes"), [{ body: "committed" }]);
  await query(cluster.url, "insert into notes values ('later')");
  await until(async () => (await query(cluster.replicaUrls[0]!, "select body from notes")).length === 2);
});

test("a server that dies again and again has failed, and says its last words", async (t) => {
  const { cluster, changes } = temporaryCluster(t);
  await cluster.start();
  const killed = new Set<number>();
  await until(async () => {
    const { state, pid } = (await cluster.status())[0]!;
    if (state === "ready" && pid !== undefined && !killed.has(pid)) {
      killed.add(pid);
      process.kill(pid, "SIGKILL");
    }
    return state === "failed";
  });
  const { error } = changes.at(-1)!;
  assert.ok(error instanceof TenfoldError && error.code === "ENGINES_CRASH_LOOP");
  assert.match(error.message, /database system/);
  assert.equal(killed.size, 5);
  await cluster.stop();
  await cluster.start();
  assert.equal((await cluster.status())[0]!.state, "ready");
});

test("a fixed port that is taken is an error; a kept one is replaced", async (t) => {
  const holder = createServer();
  t.after(() => holder.close());
  await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
  const { port } = holder.address() as { port: number };
  const fixed = temporaryCluster(t, { port });
  await rejectsWith("ENGINES_PORT_TAKEN", fixed.cluster.start());

  const topology = JSON.parse(readFileSync(join(fixed.directory, "topology.json"), "utf8")) as { ports: object };
  writeFileSync(join(fixed.directory, "topology.json"), JSON.stringify({ ...topology, ports: { primary: port } }));
  const any = fixed.again({ port: 0 });
  await any.start();
  assert.notEqual((await any.status())[0]!.port, port);
});

test("of two at once on one directory, one runs and the other is told who", async (t) => {
  const { cluster, again } = temporaryCluster(t);
  await cluster.start();
  const error = await rejectsWith("ENGINES_DIRECTORY_IN_USE", again({}).start());
  assert.equal(error.facts["pid"], process.pid);
  assert.equal((await query(cluster.url, "select 1 as one")).length, 1);
});

test("a start that is aborted leaves nothing running", async (t) => {
  const { cluster, directory, changes } = temporaryCluster(t, { replicas: 1 });
  const abort = new AbortController();
  const started = cluster.start(abort.signal);
  await poll(() => changes.find(({ state }) => state === "starting"), {
    everyMs: 5,
    deadlineMs: 20_000,
    onTimeout: () => new Error("it did not begin"),
  });
  abort.abort(new Error("changed my mind"));
  await assert.rejects(started, /changed my mind/);
  const record = JSON.parse(readFileSync(join(directory, "node-1.process.json"), "utf8")) as { identity: never };
  assert.ok(!isSameProcess(record.identity));
  await cluster.start();
  assert.equal((await cluster.status()).length, 2);
});

test("an orphan is adopted when it runs as wanted, and replaced when not", async (t) => {
  const first = temporaryCluster(t, { replicas: 1 });
  const pids = await first.orphan();
  const entries: string[] = [];
  const adopting = first.again(
    { replicas: 1 },
    { ledger: { add: ({ name }) => void entries.push(name), remove: () => {} } },
  );
  await adopting.start();
  assert.deepEqual(
    (await adopting.status()).map(({ pid }) => pid),
    pids,
  );
  assert.deepEqual(entries.toSorted(), ["primary", "replica-1"]);
  assert.deepEqual(await query(adopting.url, "select body from notes"), [{ body: "of the killed run" }]);
  await adopting.stop();
  assert.ok(
    pids.every((pid) => identifyProcess(pid) === undefined),
    "what was adopted is stopped as well",
  );

  const again = await first.orphan();
  const replacing = first.again({ replicas: 1, maxConnections: 40 });
  await replacing.start();
  assert.ok(again.every((pid) => identifyProcess(pid) === undefined));
  assert.equal((await query(replacing.url, "show max_connections"))[0]!["max_connections"], "40");
});

test("a kill -9 of everything costs nothing that was committed", async (t) => {
  const first = temporaryCluster(t, { replicas: 1 });
  const pids = await first.orphan();
  for (const pid of pids) process.kill(pid, "SIGKILL");
  const next = first.again({ replicas: 1 });
  await next.start();
  assert.deepEqual(await query(next.url, "select body from notes"), [{ body: "of the killed run" }]);
  assert.deepEqual(await query(next.replicaUrls[0]!, "select body from notes"), [{ body: "of the killed run" }]);
});

test("a postmaster.pid whose pid now belongs to another process does not confuse a start", async (t) => {
  const first = temporaryCluster(t);
  await first.cluster.start();
  const file = join(first.directory, "node-1", "postmaster.pid");
  const text = readFileSync(file, "utf8");
  await first.cluster.stop();
  writeFileSync(file, text.replace(/^\d+/, String(process.ppid)), { mode: 0o644 });
  const next = first.again({});
  await next.start();
  assert.equal((await next.status())[0]!.state, "ready");
  assert.notEqual(identifyProcess(process.ppid), undefined);
});

test("a start that is killed at any of its steps is completed by the next one", async (t) => {
  const first = temporaryCluster(t);
  const { directory } = first;
  for (const moment of [/making a new/, /building replica-1/, /building replica-2/]) {
    await killPlatformAt({ directory, replicas: 2 }, moment);
  }
  const next = first.again({ replicas: 1 });
  await next.start();
  await query(next.url, "create table notes (body text)");
  assert.equal(next.replicaUrls.length, 1);
  assert.ok(!readdirSync(directory).some((name) => /initdb|building/.test(name)));
});

test("a replica that is damaged, or whose slot is gone, is built anew", async (t) => {
  const { cluster, directory } = temporaryCluster(t, { replicas: 1 });
  await cluster.start();
  await cluster.stop();
  truncateSync(join(directory, "node-2", "global", "pg_control"), 0);
  await cluster.start();
  await cluster.stop();
  rmSync(join(directory, "node-1", "pg_replslot", "tenfold_node_3"), { recursive: true, force: true });
  await cluster.start();
  assert.equal(cluster.replicaUrls.length, 1);
  await query(cluster.url, "create table notes (body text)");
  await until(
    async () => (await query(cluster.replicaUrls[0]!, "select to_regclass('notes') as name"))[0]!["name"] !== null,
  );
});
