import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, isSameProcess, type ProcessIdentity } from "../kernel/index.ts";

/** A process that must not outlive its project: who it is, and how it is ended. */
export interface LedgerEntry {
  readonly kind: "engine" | "instance" | "gateway";
  readonly name: string;
  readonly identity: ProcessIdentity;
  readonly stop: {
    readonly signal: NodeJS.Signals;
    /** After so long it is killed. */
    readonly graceMs: number;
    /** It leads a process group, which ends with it. */
    readonly group?: boolean;
  };
}

/**
 * What runs for a project, on disk: one file per process, so that adding and removing never rewrites another's entry and a
 * `kill -9` at any moment leaves all but the last change. Synchronous on purpose: an entry is written in the same turn in which
 * its process is started.
 */
export class Ledger {
  readonly #directory: string;

  constructor(runDirectory: string) {
    this.#directory = join(runDirectory, "processes");
    mkdirSync(this.#directory, { recursive: true });
  }

  add(entry: LedgerEntry): void {
    const file = this.#file(entry.identity.pid);
    writeFileSync(`${file}.tmp`, JSON.stringify(entry), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  }

  remove(pid: number): void {
    rmSync(this.#file(pid), { force: true });
  }

  /** The processes that still live; entries of the others are removed. */
  living(): LedgerEntry[] {
    return this.#read().filter((entry) => {
      const lives = isSameProcess(entry.identity);
      if (!lives) this.remove(entry.identity.pid);
      return lives;
    });
  }

  #read(): LedgerEntry[] {
    return readdirSync(this.#directory)
      .filter((name) => name.endsWith(".json"))
      .flatMap((name) => {
        try {
          return [JSON.parse(readFileSync(join(this.#directory, name), "utf8")) as LedgerEntry];
        } catch (error) {
          if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return [];
          throw error;
        }
      });
  }

  #file(pid: number): string {
    return join(this.#directory, `${pid}.json`);
  }
}
