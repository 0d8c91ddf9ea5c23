import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import { type Clock, codeOf, identifyProcess, type ProcessIdentity } from "../kernel/index.ts";
import { directoryMissing, programNotExecutable, programNotFound, spawnFailed } from "./errors.ts";
import type { LaunchPlan } from "./launch-plan.ts";
import { isGroupAlive, signalGroup } from "./process-group.ts";

/** SIGKILL cannot be refused, but a process in an uninterruptible wait dies late. */
const killedMs = 5_000;
const pollMs = 20;

export interface Exit {
  /** `"exit code 1"`, `"killed by SIGKILL"`. */
  readonly how: string;
}

export interface LaunchHooks {
  readonly clock: Clock;
  readonly onStarted: (identity: ProcessIdentity) => void | Promise<void>;
}

/**
 * A process that runs, with all it has started. It leads a session of its own, so that Ctrl-C in a terminal reaches the platform
 * alone; its output goes straight into a file, so that it lives on when the platform is killed.
 */
export class RunningProcess {
  readonly pid: number;
  /** `undefined` when it was gone before it could be looked at. */
  readonly identity: ProcessIdentity | undefined;
  /** Resolves when the process itself, the leader of its group, has ended. */
  readonly exited: Promise<Exit>;
  readonly #clock: Clock;
  #hasExited = false;
  #ending: Promise<{ killed: boolean }> | undefined;

  private constructor(child: ChildProcess, clock: Clock) {
    this.pid = child.pid!;
    this.identity = identifyProcess(this.pid);
    this.#clock = clock;
    this.exited = once(child, "exit").then(([code, signal]) => {
      this.#hasExited = true;
      return { how: signal === null ? `exit code ${code as number}` : `killed by ${signal as string}` };
    });
  }

  /**
   * @param log a file descriptor, for standard output and standard error
   * @param onStarted called in the turn in which it was started
   * @throws FLEET_PROGRAM_NOT_FOUND, FLEET_PROGRAM_NOT_EXECUTABLE, FLEET_DIRECTORY_MISSING, FLEET_SPAWN_FAILED
   */
  static async launch(
    service: string,
    plan: LaunchPlan,
    log: number,
    { clock, onStarted }: LaunchHooks,
  ): Promise<RunningProcess> {
    const options = {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      stdio: ["ignore", log, log] as ["ignore", number, number],
    };
    let child: ChildProcess;
    try {
      child = spawn(plan.program, plan.args, options);
    } catch (error) {
      throw launchError(service, plan, error as Error);
    }
    if (child.pid !== undefined) {
      child.on("error", () => {}); // Nothing is sent by this object; what it may still report, `exit` reports too.
      const running = new RunningProcess(child, clock);
      try {
        if (running.identity !== undefined) await onStarted(running.identity);
      } catch (error) {
        await running.end(0); // A process that nobody remembers must not be.
        throw error;
      }
      return running;
    }
    const [error] = (await once(child, "error")) as [Error];
    throw launchError(service, plan, error);
  }

  get hasExited(): boolean {
    return this.#hasExited;
  }

  /**
   * SIGTERM to the group, time to finish, SIGKILL to what is left. With no grace: SIGKILL at once. The first call decides. Resolves when
   * nothing of the group is left.
   */
  end(graceMs: number): Promise<{ killed: boolean }> {
    this.#ending ??= this.#end(graceMs);
    return this.#ending;
  }

  async #end(graceMs: number): Promise<{ killed: boolean }> {
    if (graceMs > 0) {
      if (!signalGroup(this.pid, "SIGTERM") || (await this.#isGoneWithin(graceMs))) return { killed: false };
    }
    const killed = signalGroup(this.pid, "SIGKILL");
    await this.#isGoneWithin(killedMs);
    return { killed };
  }

  async #isGoneWithin(ms: number): Promise<boolean> {
    const deadline = this.#clock.monotonic() + ms;
    const waiting = new AbortController();
    const timeout = this.#clock.sleep(ms, waiting.signal).catch(() => {});
    await Promise.race([this.exited, timeout]);
    waiting.abort();
    while (!this.#hasExited || isGroupAlive(this.pid)) {
      if (this.#clock.monotonic() >= deadline) return false;
      await this.#clock.sleep(pollMs);
    }
    return true;
  }
}

/** `ENOENT` is said of the folder, of the program, and of the interpreter that a script names: the first two can be told apart. */
function launchError(service: string, { program, cwd }: LaunchPlan, error: Error): Error {
  const code = codeOf(error);
  if (code !== "ENOENT" && code !== "EACCES" && code !== "ENOTDIR") return spawnFailed(service, program, error);
  if (!statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) return directoryMissing(service, cwd);
  return code === "EACCES" ? programNotExecutable(service, program) : programNotFound(service, program, cwd);
}
