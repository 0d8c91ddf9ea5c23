import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";

/**
 * How a gateway process is started, by a platform or by the gateway that it succeeds; then program, environment and folder are still
 * those of the platform that wants it, which may be another version in another place.
 *
 * A listening socket is handed on as nginx does it when its binary is replaced: the child has it open from the start, at a descriptor
 * that its last argument names. Both then accept from one queue in the kernel, which is there until the last of them closes it. So
 * no connection is ever reset by a takeover, as those would be that wait in the queue of one of two sockets that share a port
 * (SO_REUSEPORT) when it closes.
 */
export interface LaunchOrder {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Where its standard output and standard error go. Not given: nowhere. */
  readonly logPath?: string;
}

/** A listening socket that is open in this process. */
export interface OpenSocket {
  /** As the snapshot names it. */
  readonly host: string;
  readonly port: number;
  readonly fd: number;
}

/** Standard input, output and error come before. */
const firstSocketFd = 3;

/**
 * A process of its own session, so that Ctrl-C in a terminal reaches the platform alone.
 *
 * @param sockets of a successor; its standard input is then a pipe, whose end tells it that this process has ended
 */
export function launch(order: LaunchOrder, sockets?: readonly OpenSocket[]): ChildProcess {
  const { program, args, cwd, env, logPath } = order;
  const inherited = sockets?.map(({ host, port }, index): OpenSocket => ({ host, port, fd: firstSocketFd + index }));
  const log = logPath === undefined ? "ignore" : openLog(logPath);
  try {
    return spawn(program, inherited === undefined ? args : [...args, JSON.stringify(inherited)], {
      cwd,
      env,
      detached: true,
      stdio: [sockets === undefined ? "ignore" : "pipe", log, log, ...(sockets ?? []).map(({ fd }) => fd)],
    });
  } finally {
    if (log !== "ignore") closeSync(log);
  }
}

/** A folder that was removed, as by a clean-up, is made again. */
function openLog(path: string): number {
  mkdirSync(dirname(path), { recursive: true });
  return openSync(path, "a");
}
