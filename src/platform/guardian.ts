import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { identifyProcess, programBeside, type Runnable } from "../kernel/index.ts";
import { directoriesOf } from "./directories.ts";

const restartMs = 1_000;

/** The platform's handle on its guardian (see guardian-main.ts): starts it, starts it again when it dies, dismisses it. */
export class Guardian implements Runnable {
  readonly #root: string;
  readonly #orphanGraceMs: number;
  #child: ChildProcess | undefined;
  #restart: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(root: string, orphanGraceMs: number) {
    this.#root = root;
    this.#orphanGraceMs = orphanGraceMs;
  }

  get pid(): number | undefined {
    return this.#child?.pid;
  }

  async start(): Promise<void> {
    this.#isStopped = false;
    await this.#spawn();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    const child = this.#child;
    this.#child = undefined;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, "exit");
    child.stdin!.end("bye\n");
    await exited;
  }

  /** Lets it end everything at once, as soon as this process has ended. */
  takeOver(): void {
    this.abandon("end\n");
  }

  /** Closes the pipe without a goodbye, as the platform's death does. */
  abandon(lastWord = ""): void {
    this.#isStopped = true;
    clearTimeout(this.#restart);
    this.#child?.stdin!.end(lastWord);
    this.#child = undefined;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }

  async #spawn(): Promise<void> {
    const log = openSync(join(directoriesOf(this.#root).logs, "guardian.log"), "a");
    try {
      const program = programBeside(import.meta.filename, "guardian-main");
      const { pid, startedAt } = identifyProcess(process.pid)!;
      const words = [program, this.#root, String(this.#orphanGraceMs), String(pid), startedAt];
      this.#child = spawn(process.execPath, words, {
        detached: true,
        stdio: ["pipe", log, log],
      });
    } finally {
      closeSync(log);
    }
    const child = this.#child;
    child.stdin!.on("error", () => {}); // It may die before we say goodbye.
    child.once("exit", () => {
      if (this.#isStopped || this.#child !== child) return;
      this.#restart = setTimeout(() => void this.#spawn().catch(() => {}), restartMs);
    });
    await once(child, "spawn");
  }
}
