import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { openFiles } from "./machine.ts";

/** What is under measurement: one process, or several that share a port; all pinned to one core. */
export interface Running {
  /** Without their own children. */
  readonly pids: readonly number[];
  readonly port: number;
  stop(): Promise<void>;
}

export interface StartOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** With a channel for messages: the command is a Node program. */
  readonly ipc?: boolean;
  /** It talks even when all is well: what it says is not shown. */
  readonly quiet?: boolean;
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Starts a command on a core. It ends with this process, at the latest. */
export function spawnPinned(core: number, command: readonly string[], options: StartOptions = {}): ChildProcess {
  const child = spawn("prlimit", [`--nofile=${openFiles()}`, "taskset", "-c", String(core), ...command], {
    stdio: ["ignore", "ignore", options.quiet === true ? "ignore" : "inherit", options.ipc === true ? "ipc" : "ignore"],
    env: { ...process.env, ...options.env },
  });
  const end = (): void => void child.kill("SIGTERM");
  process.once("exit", end);
  child.once("exit", () => process.off("exit", end));
  return child;
}

/** Starts a command on a core, and waits until the port answers. */
export async function startPinned(
  core: number,
  port: number,
  command: readonly string[],
  options: StartOptions = {},
): Promise<Running> {
  const child = spawnPinned(core, command, options);
  await untilAccepting(port, child);
  return { pids: [child.pid!], port, stop: () => endChild(child) };
}

export async function endChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGTERM");
  const timer = setTimeout(() => child.kill("SIGKILL"), 3_000);
  await exited;
  clearTimeout(timer);
}

async function untilAccepting(port: number, child: ChildProcess): Promise<void> {
  const end = performance.now() + 10_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`${child.spawnargs.join(" ")} ended with ${child.exitCode}`);
    const socket = connect(port, "127.0.0.1");
    const isOpen = await once(socket, "connect").then(
      () => true,
      () => false,
    );
    socket.destroy();
    if (isOpen) return;
    if (performance.now() > end) throw new Error(`${child.spawnargs.join(" ")} does not listen on ${port}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
