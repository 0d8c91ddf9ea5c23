import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, type TestContext } from "node:test";
import { fileURLToPath } from "node:url";
import { Client } from "pg";
import { type NodeChange, PostgresCluster, type PostgresDeps, type PostgresOptions } from "../../src/engines/index.ts";
import { poll, TenfoldError } from "../../src/kernel/index.ts";

export interface TemporaryCluster {
  readonly cluster: PostgresCluster;
  readonly directory: string;
  readonly changes: readonly NodeChange[];
  /** Another platform on the same directory. */
  readonly again: (options: Partial<PostgresOptions>, deps?: PostgresDeps) => PostgresCluster;
  /** Lets another process start one replica, write a note and be killed; the pids of the servers that it leaves. */
  readonly orphan: () => Promise<number[]>;
}

const defaults = { database: "shop", replicas: 0, maxConnections: 30, port: 0 };

/**
 * Deleted when all tests of the file are through: ext4 does not reuse inodes for a while after they were deleted, and looks for others
 * one by one, which makes the next thousand files ten times as slow.
 */
const roots: string[] = [];
after(() => {
  for (const root of roots) rmSync(root, { recursive: true, force: true });
});

/** Stopped after the test. */
export function temporaryCluster(t: TestContext, options: Partial<PostgresOptions> = {}): TemporaryCluster {
  const root = mkdtempSync(join(tmpdir(), "tenfold-engines-"));
  roots.push(root);
  const directory = join(root, "postgres");
  const changes: NodeChange[] = [];
  const clusters: PostgresCluster[] = [];
  const again: TemporaryCluster["again"] = (more, deps = {}) => {
    const all = { ...defaults, directory, ...more };
    const cluster = new PostgresCluster(all, { onChange: (change) => changes.push(change), ...deps });
    clusters.push(cluster);
    return cluster;
  };
  let hasOrphans = false;
  t.after(async () => {
    for (const cluster of clusters) await cluster.stop();
    if (hasOrphans) await endOrphans(again({ replicas: 1 }));
  });
  const orphan = async (): Promise<number[]> => {
    hasOrphans = true;
    return await leaveOrphans(directory);
  };
  return { cluster: again(options), directory, changes, again, orphan };
}

/** Adopts or replaces what is left, in order to stop it. */
async function endOrphans(cluster: PostgresCluster): Promise<void> {
  await cluster.start();
  await cluster.stop();
}

async function leaveOrphans(directory: string): Promise<number[]> {
  return JSON.parse(await killPlatformAt({ directory, replicas: 1 }, /^\[.*\]$/m)) as number[];
}

/** Runs another platform and kills it when its output matches; what matched. */
export async function killPlatformAt(
  options: Partial<PostgresOptions> & { directory: string },
  moment: RegExp,
): Promise<string> {
  const script = fileURLToPath(new URL("engines-platform.ts", import.meta.url));
  const child = spawn(process.execPath, [script, JSON.stringify({ ...defaults, ...options })], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (moment.test(output)) break;
  }
  child.kill("SIGKILL");
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
  const match = moment.exec(output);
  assert.ok(match, `the other platform did not come to ${moment}: ${output}`);
  return match[0];
}

export async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new Client({ connectionString: url });
  client.on("error", () => {});
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end().catch(() => {});
  }
}

export async function until(isTrue: () => Promise<boolean>): Promise<void> {
  await poll(async () => ((await isTrue()) ? true : undefined), {
    everyMs: 20,
    deadlineMs: 20_000,
    onTimeout: () => new Error("it did not come true in time"),
  });
}

export async function rejectsWith(code: string, promise: Promise<unknown>): Promise<TenfoldError> {
  const error: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  assert.ok(error instanceof TenfoldError, `${code} expected, got ${String(error)}`);
  assert.equal(error.code, code, error.message);
  assert.ok(error.fix !== undefined && error.fix !== "");
  return error;
}
