import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { createServer, type Server } from "node:net";
import { dirname, join } from "node:path";
import { test, type TestContext } from "node:test";
import { findBinaries } from "../../src/engines/binaries.ts";
import { checkDatabaseUrl } from "../../src/engines/index.ts";
import { query, rejectsWith, temporaryCluster, until } from "../support/engines.ts";

const isRoot = process.getuid?.() === 0;

test("a folder that holds something else is refused, again and again, and left as it was", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  mkdirSync(directory);
  writeFileSync(join(directory, "thesis.txt"), "three years of work");
  await rejectsWith("ENGINES_DIRECTORY_FOREIGN", cluster.start());
  await rejectsWith("ENGINES_DIRECTORY_FOREIGN", cluster.start());
  assert.deepEqual(readdirSync(directory), ["thesis.txt"]);
});

test("a data directory without a PG_VERSION, or of another major version, is refused and left as it was", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  const data = join(directory, "node-1");
  mkdirSync(data, { recursive: true });
  writeFileSync(join(directory, "credentials.json"), JSON.stringify({ admin: "a", replication: "b", app: "c" }));
  writeFileSync(join(data, "something"), "");
  await rejectsWith("ENGINES_DIRECTORY_FOREIGN", cluster.start());
  writeFileSync(join(data, "PG_VERSION"), "15\n");
  const error = await rejectsWith("ENGINES_DIRECTORY_OTHER_VERSION", cluster.start());
  assert.match(error.fix!, /dump/);
  assert.deepEqual(readdirSync(data).toSorted(), ["PG_VERSION", "something"]);
});

test("a damaged pg_control is told with the server's last words, and nothing is deleted", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  await cluster.start();
  await cluster.stop();
  const control = join(directory, "node-1", "global", "pg_control");
  truncateSync(control, 0);
  const error = await rejectsWith("ENGINES_START_FAILED", cluster.start());
  assert.match(error.message, /pg_control/);
  assert.ok(existsSync(join(directory, "node-1", "PG_VERSION")));
});

test("a primary or passwords that vanished are not replaced by an empty database", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  await cluster.start();
  await cluster.stop();
  cpSync(join(directory, "credentials.json"), join(directory, "..", "credentials.json"));
  const topology = readFileSync(join(directory, "topology.json"), "utf8");

  writeFileSync(join(directory, "topology.json"), topology.replace("node-1", "node-7"));
  await rejectsWith("ENGINES_PRIMARY_MISSING", cluster.start());
  writeFileSync(join(directory, "topology.json"), "{");
  await rejectsWith("ENGINES_STATE_UNREADABLE", cluster.start());
  writeFileSync(join(directory, "topology.json"), topology);
  writeFileSync(join(directory, "credentials.json"), "{}");
  await rejectsWith("ENGINES_STATE_UNREADABLE", cluster.start());

  cpSync(join(directory, "..", "credentials.json"), join(directory, "credentials.json"));
  await cluster.start();
  assert.equal((await query(cluster.url, "select 1 as one")).length, 1);
});

test("a live server of someone else on the directory is left alone", async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  chmodSync(dirname(directory), 0o755);
  await cluster.start();
  await cluster.stop();
  const data = join(directory, "node-1");
  const { uid, gid } = statSync(data);
  const { postgres } = await findBinaries();
  const other = spawn(postgres, ["-D", data], { ...(isRoot ? { uid, gid } : {}), stdio: "ignore" });
  const exited = once(other, "exit");
  await until(() => Promise.resolve(existsSync(join(data, "postmaster.pid"))));
  await rejectsWith("ENGINES_DIRECTORY_SERVED_BY_OTHER", cluster.start());
  assert.equal(other.exitCode, null);
  other.kill("SIGINT");
  await exited;
});

test("root drops to a user without a name, behind folders that are closed to it", { skip: !isRoot }, async (t) => {
  const { cluster, directory } = temporaryCluster(t, { replicas: 1 });
  mkdirSync(directory);
  chownSync(directory, 54_321, 54_321);
  assert.equal(statSync(dirname(directory)).mode & 0o777, 0o700);
  await cluster.start();
  await query(cluster.url, "create table notes (body text)");
  for (const { pid } of await cluster.status()) {
    if (process.platform === "linux") assert.match(readFileSync(`/proc/${pid}/status`, "utf8"), /^Uid:\s54321\s54321/m);
  }
  assert.equal(statSync(join(directory, "node-1")).uid, 54_321);
  assert.equal(statSync(join(directory, "node-2", "PG_VERSION")).uid, 54_321);
});

test("a folder without permission is told as such", { skip: isRoot || process.platform === "win32" }, async (t) => {
  const { cluster, directory } = temporaryCluster(t);
  mkdirSync(directory);
  chmodSync(directory, 0o500);
  await rejectsWith("ENGINES_DIRECTORY_UNWRITABLE", cluster.start());
});

test("DATABASE_URL is checked, and each way in which it can be wrong has its own error", async (t) => {
  const { cluster } = temporaryCluster(t, { replicas: 1, database: "it's a shop" });
  await cluster.start();
  const { url } = cluster;
  const checked = await checkDatabaseUrl(url);
  assert.match(checked.version, /^18\./);
  assert.deepEqual(
    { ...checked, version: "" },
    { version: "", database: "it's a shop", user: "tenfold", isReplica: false, maxConnections: 30 },
  );

  const replica = cluster.replicaUrls[0]!;
  await rejectsWith("ENGINES_URL_READ_ONLY", checkDatabaseUrl(replica));
  assert.equal((await checkDatabaseUrl(replica, { role: "replica" })).isReplica, true);

  const changed = (change: (parts: URL) => void): string => {
    const parts = new URL(url);
    change(parts);
    return parts.href;
  };
  const wrong: [string, string][] = [
    ["ENGINES_URL_REFUSED", changed((parts) => (parts.password = "hunter2"))],
    ["ENGINES_URL_REFUSED", changed((parts) => (parts.username = "nobody-here"))],
    ["ENGINES_URL_DATABASE_MISSING", changed((parts) => (parts.pathname = "/elsewhere"))],
    ["ENGINES_URL_TLS", changed((parts) => (parts.search = "?sslmode=verify-full"))],
    ["ENGINES_URL_INVALID", "not a url"],
    ["ENGINES_URL_INVALID", "mysql://hunter2@127.0.0.1/shop"],
    ["ENGINES_URL_INVALID", "postgres://me:hunter2@127.0.0.1"],
    ["ENGINES_URL_UNREACHABLE", `postgres://me:hunter2@127.0.0.1:${await closedPort()}/shop`],
    ["ENGINES_URL_UNREACHABLE", `postgres://me:hunter2@127.0.0.1:${await listen(t, () => {})}/shop`],
    [
      "ENGINES_URL_NOT_POSTGRES",
      `postgres://me:hunter2@127.0.0.1:${await listen(t, "HTTP/1.1 400 Bad Request\r\n\r\n")}/shop`,
    ],
  ];
  for (const [code, each] of wrong) {
    const error = await rejectsWith(code, checkDatabaseUrl(each, { timeoutMs: 1_000 }));
    assert.ok(!JSON.stringify(error).includes("hunter2"), "no password is shown");
  }

  await query(url, "alter role tenfold set default_transaction_read_only = on");
  await rejectsWith("ENGINES_URL_READ_ONLY", checkDatabaseUrl(url));
  await query(url, "begin read write; alter role tenfold reset default_transaction_read_only; commit");
  await query(url, "alter role tenfold set search_path = nowhere");
  await rejectsWith("ENGINES_URL_PRIVILEGES", checkDatabaseUrl(url));
  await query(url, "alter role tenfold set search_path = pg_catalog");
  await rejectsWith("ENGINES_URL_PRIVILEGES", checkDatabaseUrl(url));
});

async function closedPort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Something that is no Postgres: answers this at once, or nothing ever. */
function listen(t: TestContext, answer: string | (() => void)): Promise<number> {
  const server = createServer((socket) => {
    socket.on("error", () => {});
    if (typeof answer === "string") socket.end(answer);
    t.after(() => socket.destroy());
  });
  t.after(() => server.close());
  return listening(server);
}

async function listening(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as { port: number }).port;
}
