import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { type Clock, identifyProcess, isSameProcess, messageOf, type ProcessIdentity } from "../kernel/index.ts";
import { binariesDoNotRun } from "./errors.ts";
import { timing } from "./options.ts";
import type { Command } from "./run-as.ts";
import { cleanEnvironment } from "./run-program.ts";

/** A postmaster, started by this process or adopted from one before. */
export interface ServerProcess {
  readonly identity: ProcessIdentity;
  readonly hasExited: () => boolean;
  /** Resolves when it has ended, however it ended. */
  readonly exited: Promise<void>;
}

/**
 * In a session of its own: Ctrl-C in the terminal does not reach it. Its output goes to a file, not to a pipe, so that it outlives this process.
 */
export async function spawnServer(command: Command, logFile: string, cwd: string): Promise<ServerProcess> {
  const log = await open(logFile, "a", 0o600);
  try {
    const { program, args, ...user } = command;
    const child = spawn(program, args, {
      ...user,
      cwd,
      env: cleanEnvironment(),
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      windowsHide: true,
    });
    await once(child, "spawn").catch((error: unknown) => {
      throw binariesDoNotRun(program, messageOf(error));
    });
    child.on("error", () => {}); // from here on its exit says all
    child.unref();
    return ofChild(child);
  } finally {
    await log.close();
  }
}

/** A process that is not our child sends no exit event: it is looked at now and then. */
export function adoptServer(identity: ProcessIdentity, clock: Clock): ServerProcess {
  const watch = async (): Promise<void> => {
    while (isSameProcess(identity)) await clock.sleep(timing.watchMs);
  };
  return { identity, hasExited: () => !isSameProcess(identity), exited: watch() };
}

function ofChild(child: ChildProcess): ServerProcess {
  const pid = child.pid!;
  const exited = new Promise<void>((resolve) => void child.once("exit", () => resolve()));
  const hasExited = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return { identity: identifyProcess(pid) ?? { pid, startedAt: "" }, hasExited, exited };
}
