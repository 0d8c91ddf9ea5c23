/**
 * Which processes serve a data directory. A pid in a file proves nothing. A process counts when it was started when our
 * record says, or when it is a postgres that works in that directory (each does) or was told to by its command line.
 */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Clock,
  identifyProcess,
  isSameProcess,
  poll,
  type ProcessIdentity,
  systemClock,
} from "../kernel/index.ts";
import type { Found } from "./adoption.ts";
import { stopFailed } from "./errors.ts";
import { timing } from "./options.ts";
import { parsePostmasterPid } from "./postmaster-pid.ts";
import { runProgram } from "./run-program.ts";

/** Given to every server that Tenfold starts: it shows on the command line. */
export const ownMark = "--cluster_name=tenfold";

/** What is remembered of a server that was started. */
export interface ServerRecord {
  readonly identity: ProcessIdentity;
  readonly settings: string;
}

export async function findServer(dataDirectory: string, recordFile: string): Promise<Found> {
  const lock = parsePostmasterPid(await readOrEmpty(join(dataDirectory, "postmaster.pid")));
  const record = parseRecord(await readOrEmpty(recordFile));
  if (record !== undefined && isSameProcess(record.identity)) {
    const isReady = lock?.pid === record.identity.pid && lock.isReady;
    return { kind: "own", ...record, isReady };
  }
  const identity = lock === undefined ? undefined : identifyProcess(lock.pid);
  if (lock === undefined || identity === undefined || !serves(lock.pid, dataDirectory)) return { kind: "none" };
  return isMarked(lock.pid) ? { kind: "own", identity, isReady: lock.isReady } : { kind: "other", pid: lock.pid };
}

/** How a server is ended: asked to (it writes a checkpoint), urged to (it recovers at its next start), killed. */
export async function stopServer(
  server: {
    readonly name: string;
    readonly identity: ProcessIdentity;
    readonly dataDirectory: string;
    readonly pgCtl: string;
  },
  clock: Clock = systemClock,
): Promise<void> {
  const { identity, dataDirectory } = server;
  const steps = [
    { signal: "SIGINT", mode: "fast", waitMs: timing.fastStopMs },
    { signal: "SIGQUIT", mode: "immediate", waitMs: timing.immediateStopMs },
    { signal: "SIGKILL", mode: "immediate", waitMs: timing.killMs },
  ] as const;
  for (const { signal, mode, waitMs } of steps) {
    if (!isSameProcess(identity)) break;
    if (process.platform === "win32") {
      // No signals there; and no start times, so that a pid is not enough to kill it.
      const args = ["stop", "-D", dataDirectory, "-m", mode, "-W"];
      await runProgram({ program: server.pgCtl, args }, { cwd: dataDirectory });
    } else send(identity.pid, signal);
    if (await isGoneWithin(identity, waitMs, clock)) break;
  }
  if (isSameProcess(identity)) throw stopFailed(server.name, identity.pid);
  await awaitSurvivors(dataDirectory, clock);
}

/**
 * Waits until no process of a dead server uses the directory any more; they notice its death by themselves, within
 * moments. A new server would refuse to start beside them.
 */
export async function awaitSurvivors(dataDirectory: string, clock: Clock = systemClock): Promise<void> {
  const end = clock.monotonic() + timing.killMs;
  for (;;) {
    const survivors = processesIn(dataDirectory);
    if (survivors.length === 0) return;
    if (clock.monotonic() >= end) for (const pid of survivors) send(pid, "SIGKILL");
    if (clock.monotonic() >= end + timing.killMs) throw stopFailed("server process", survivors[0]!);
    await clock.sleep(timing.pollMs);
  }
}

function isGoneWithin(identity: ProcessIdentity, ms: number, clock: Clock): Promise<boolean> {
  const timedOut = new Error("still there");
  return poll(
    () => (isSameProcess(identity) ? undefined : true),
    {
      everyMs: timing.pollMs,
      deadlineMs: ms,
      onTimeout: () => timedOut,
    },
    clock,
  ).catch((error: unknown) => {
    if (error === timedOut) return false;
    throw error;
  });
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone already; or not ours to signal, which whoever waits for its end will find.
  }
}

/** A postmaster of this directory? Windows does not tell. */
function serves(pid: number, dataDirectory: string): boolean {
  if (process.platform === "win32") return true;
  const executable = executableOf(pid);
  if (executable !== undefined && !isPostgres(executable)) return false;
  return workingDirectory(pid) === dataDirectory || commandLine(pid).includes(` -D ${dataDirectory} `);
}

function isMarked(pid: number): boolean {
  return process.platform === "win32" || commandLine(pid).includes(ownMark);
}

function processesIn(dataDirectory: string): number[] {
  if (process.platform !== "linux") return [];
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && workingDirectory(pid) === dataDirectory && isPostgres(executableOf(pid) ?? ""))
    .filter((pid) => identifyProcess(pid) !== undefined);
}

/** Also after the file was replaced or deleted. */
const isPostgres = (executable: string): boolean => /\/postgres( \(deleted\))?$/.test(executable);

/** Unknown: not Linux, or a process of another user. */
function executableOf(pid: number): string | undefined {
  return readLink(`/proc/${pid}/exe`);
}

function workingDirectory(pid: number): string | undefined {
  return readLink(`/proc/${pid}/cwd`);
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path);
  } catch {
    return undefined;
  }
}

/** With a space after each argument. */
function commandLine(pid: number): string {
  try {
    if (process.platform === "linux") return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
    return `${execFileSync("ps", ["-o", "args=", "-p", String(pid)], { encoding: "utf8" }).trim()} `;
  } catch {
    return "";
  }
}

function parseRecord(text: string): ServerRecord | undefined {
  try {
    const record = JSON.parse(text) as ServerRecord;
    return typeof record.identity.pid === "number" && typeof record.settings === "string" ? record : undefined;
  } catch {
    return undefined;
  }
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch {
    return "";
  }
}
