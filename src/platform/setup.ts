import { spawn } from "node:child_process";
import { once } from "node:events";
import { type LoadedConfig, searchPath } from "../config/index.ts";
import { identifyProcess } from "../kernel/index.ts";
import { databaseEnvironment, type DatabaseUrls } from "./environment.ts";
import { setupFailed } from "./errors.ts";
import type { Ledger } from "./ledger.ts";

export interface SetupTask {
  readonly command: readonly string[];
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
}

const graceMs = 10_000;

/** `undefined`: the config has no setup. */
export function setupTask(
  { config, environment }: LoadedConfig,
  urls: DatabaseUrls | undefined,
): SetupTask | undefined {
  const { root, setup } = config;
  if (setup === undefined) return undefined;
  const given = { ...environment, ...databaseEnvironment(urls), PATH: searchPath(root, environment) };
  return { command: setup, cwd: root, environment: given };
}

/**
 * Runs the setup command (migrations, seeds) to its end, before any service starts. Its output goes to standard error, so that
 * it can draw progress on the terminal while standard output stays for data.
 */
export async function runSetup(task: SetupTask, ledger: Ledger, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const shown = task.command.join(" ");
  const program = task.command[0] === "node" ? process.execPath : task.command[0]!;
  const child = spawn(program, task.command.slice(1), {
    cwd: task.cwd,
    env: task.environment,
    stdio: ["ignore", 2, 2],
    detached: true, // Ctrl-C reaches the platform alone, which then ends this in order.
  });
  const identity = child.pid === undefined ? undefined : identifyProcess(child.pid);
  if (identity !== undefined) {
    ledger.add({ kind: "instance", name: "setup", identity, stop: { signal: "SIGTERM", graceMs, group: true } });
  }
  let kill: NodeJS.Timeout | undefined;
  const abort = (): void => {
    endGroup(child.pid, "SIGTERM");
    kill = setTimeout(() => endGroup(child.pid, "SIGKILL"), graceMs);
  };
  signal?.addEventListener("abort", abort, { once: true });
  try {
    const [code, killedBy] = (await once(child, "exit")) as [number | null, NodeJS.Signals | null];
    signal?.throwIfAborted();
    if (code !== 0)
      throw setupFailed(shown, code === null ? `was ended by ${killedBy}` : `ended with exit code ${code}`);
  } catch (error) {
    if (error instanceof Error && "syscall" in error)
      throw setupFailed(shown, `could not be started: ${error.message}`);
    throw error;
  } finally {
    clearTimeout(kill);
    signal?.removeEventListener("abort", abort);
    endGroup(child.pid, "SIGKILL"); // What it has left in the background: the setup is over.
    if (child.pid !== undefined) ledger.remove(child.pid);
  }
}

function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (pid !== undefined) process.kill(-pid, signal);
  } catch {
    // It has ended by itself.
  }
}
