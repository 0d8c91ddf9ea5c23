/**
 * From a stopped data directory to a server that takes connections. The lock file of a dead server is disowned first, then configuration is
 * written, the process is spawned and remembered at once (it may outlive this process from then on), and awaited. Whatever
 * fails after the spawn ends the process again.
 */
import { chmod, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Clock, codeOf } from "../kernel/index.ts";
import type { Binaries } from "./binaries.ts";
import { portTaken, startFailed, startTimedOut } from "./errors.ts";
import { findFreePort, isPortFree } from "./free-port.ts";
import type { ProcessLedger } from "./ledger.ts";
import { timing } from "./options.ts";
import { disownPostmasterPid, parsePostmasterPid } from "./postmaster-pid.ts";
import { commandAs, type RunAs } from "./run-as.ts";
import { fingerprint, toAccessRules } from "./server-config.ts";
import { rotateLog, sizeOf, tailLog } from "./server-log.ts";
import { type ServerProcess, spawnServer } from "./server-process.ts";
import { awaitSurvivors, ownMark, type ServerRecord, stopServer } from "./server-processes.ts";
import type { StateFolder } from "./state-folder.ts";

/** What a server is launched with, whatever its role. */
export interface Launchpad {
  /** The directory: `"node-1"`. */
  readonly node: string;
  readonly folder: StateFolder;
  readonly binaries: Binaries;
  readonly runAs: RunAs;
  readonly ledger: ProcessLedger;
  readonly onProgress: (message: string) => void;
  readonly clock: Clock;
}

export interface NodePlan {
  /** Its role: `"primary"`, `"replica-1"` … */
  readonly name: string;
  /** 0: any. */
  readonly port: number;
  /** May another port be taken when this one is not free? */
  readonly isPortFixed: boolean;
  /** `postgresql.conf` for a port. */
  readonly configFor: (port: number) => string;
  /** Does the server on this port answer queries? Asked before one is adopted. */
  readonly answers: (port: number) => Promise<boolean>;
}

export interface Launched {
  readonly server: ServerProcess;
  readonly port: number;
}

const bindFailed = /could not (bind|create any TCP\/IP)/;
const portTries = 3;

export async function launchServer(pad: Launchpad, plan: NodePlan, signal?: AbortSignal): Promise<Launched> {
  const log = pad.folder.log(pad.node);
  await awaitSurvivors(pad.folder.data(pad.node), pad.clock);
  await disownLockFile(pad);
  await rotateLog(log);
  let port = plan.port;
  for (let attempt = 1; ; attempt++) {
    if (port === 0 || !(await isPortFree(port))) {
      if (plan.isPortFixed) throw portTaken(plan.name, port);
      port = await findFreePort();
    }
    const logStart = await sizeOf(log);
    try {
      return { server: await spawnAndAwait(pad, plan, port, signal), port };
    } catch (error) {
      // Someone took the port between the look and the start.
      if (!bindFailed.test(await tailLog(log, logStart))) throw error;
      if (plan.isPortFixed || attempt === portTries) throw portTaken(plan.name, port);
      port = 0;
    }
  }
}

/** Equal for a server that runs as the plan says. */
export function settingsOf(pad: Launchpad, plan: NodePlan, port: number): string {
  return fingerprint(pad.binaries.version, plan.configFor(port), toAccessRules());
}

export async function rememberServer(
  { folder, ledger, node }: Launchpad,
  name: string,
  record: ServerRecord,
): Promise<void> {
  const { identity } = record;
  await ledger.add({ kind: "engine", name, identity, stop: { signal: "SIGINT", graceMs: timing.fastStopMs } });
  await folder.write(folder.record(node), JSON.stringify(record));
}

export async function endServer(pad: Launchpad, name: string, identity: ServerRecord["identity"]): Promise<void> {
  const dataDirectory = pad.folder.data(pad.node);
  await stopServer({ name, identity, dataDirectory, pgCtl: pad.binaries.pgCtl }, pad.clock);
  await pad.ledger.remove(identity.pid);
}

async function spawnAndAwait(
  pad: Launchpad,
  plan: NodePlan,
  port: number,
  signal?: AbortSignal,
): Promise<ServerProcess> {
  const { folder, node } = pad;
  await writeConfig(pad, "postgresql.conf", plan.configFor(port));
  await writeConfig(pad, "pg_hba.conf", toAccessRules());
  const logStart = await sizeOf(folder.log(node));
  const command = commandAs(pad.runAs, pad.binaries.postgres, ["-D", folder.data(node), ownMark]);
  const server = await spawnServer(command, folder.log(node), folder.root);
  try {
    await rememberServer(pad, plan.name, { identity: server.identity, settings: settingsOf(pad, plan, port) });
    await awaitReady(pad, { name: plan.name, server, logStart }, signal);
    return server;
  } catch (error) {
    await endServer(pad, plan.name, server.identity);
    throw error;
  }
}

/** By the server's own word in postmaster.pid, as pg_ctl does: no connection attempts, and none of their log lines. */
async function awaitReady(
  pad: Launchpad,
  { name, server, logStart }: { name: string; server: ServerProcess; logStart: number },
  signal?: AbortSignal,
): Promise<void> {
  const { clock, folder, node } = pad;
  const start = clock.monotonic();
  let hasTold = false;
  for (;;) {
    if (server.hasExited()) throw startFailed(name, folder.data(node), await tailLog(folder.log(node), logStart));
    const found = parsePostmasterPid(await readLockFile(pad));
    if (found?.pid === server.identity.pid && found.isReady) return;
    const elapsed = clock.monotonic() - start;
    if (elapsed > timing.startMs) throw startTimedOut(name, timing.startMs, await tailLog(folder.log(node), logStart));
    if (elapsed > timing.slowStartMs && !hasTold) {
      hasTold = true;
      pad.onProgress(`${name}: Postgres recovers from a crash; this takes as long as there is WAL to replay`);
    }
    await clock.sleep(timing.pollMs, signal);
  }
}

async function writeConfig({ folder, node }: Launchpad, name: string, content: string): Promise<void> {
  const path = join(folder.data(node), name);
  await writeFile(path, content);
  await chmod(path, 0o600);
  await folder.makeOwn(path);
}

async function disownLockFile(pad: Launchpad): Promise<void> {
  const text = await readLockFile(pad);
  if (text !== "") await writeFile(lockFile(pad), disownPostmasterPid(text, process.pid));
}

async function readLockFile(pad: Launchpad): Promise<string> {
  try {
    return await readFile(lockFile(pad), "utf8");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return "";
    throw error;
  }
}

const lockFile = ({ folder, node }: Launchpad): string => join(folder.data(node), "postmaster.pid");
