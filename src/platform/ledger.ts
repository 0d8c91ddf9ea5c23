import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { codeOf, isProcessIdentity, isSameProcess, type ProcessIdentity } from "../kernel/index.ts";
import { folderUnusable } from "./errors.ts";

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
  /** Of a gateway: what the next platform needs to take over from it. */
  readonly gateway?: {
    /** The unix socket by which it is reached. */
    readonly controlPath: string;
    /** Epoch milliseconds. */
    readonly since: number;
  };
}

/**
 * What runs for a project, on disk: one file per process, so that adding and removing never rewrites another's entry and a
 * `kill -9` at any moment leaves all but the last change. Synchronous on purpose: an entry is written in the same turn in which
 * its process is started. Whoever deletes the folder of a running project loses what it remembered, no more: it is made again.
 */
export class Ledger {
  readonly #directory: string;

  constructor(runDirectory: string) {
    this.#directory = join(runDirectory, "processes");
  }

  /** @throws PLATFORM_FOLDER_UNUSABLE, as on a full disk: the process must not run on */
  add(entry: LedgerEntry): void {
    const file = this.#file(entry.identity.pid);
    try {
      mkdirSync(this.#directory, { recursive: true });
      writeFileSync(`${file}.tmp`, JSON.stringify(entry), { mode: 0o600 });
      renameSync(`${file}.tmp`, file);
    } catch (error) {
      rmSync(`${file}.tmp`, { force: true });
      throw folderUnusable(this.#directory, error);
    }
  }

  remove(pid: number): void {
    rmSync(this.#file(pid), { force: true });
  }

  /** The processes that still live; entries of the others, and what is no entry, are removed. */
  living(): LedgerEntry[] {
    return this.#names().flatMap((name) => {
      const file = join(this.#directory, name);
      const entry = readEntry(file);
      if (entry !== undefined && isSameProcess(entry.identity)) return [entry];
      rmSync(file, { force: true });
      return [];
    });
  }

  #names(): string[] {
    try {
      return readdirSync(this.#directory).filter((name) => name.endsWith(".json"));
    } catch (error) {
      if (codeOf(error) === "ENOENT") return [];
      throw error;
    }
  }

  #file(pid: number): string {
    return join(this.#directory, `${pid}.json`);
  }
}

/** `undefined` when it is gone by now, or not whole: a machine lost power while it was written. */
function readEntry(file: string): LedgerEntry | undefined {
  try {
    const entry = JSON.parse(readFileSync(file, "utf8")) as LedgerEntry | null;
    return isProcessIdentity(entry?.identity) && typeof entry?.stop === "object" ? entry : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT" || error instanceof SyntaxError) return undefined;
    throw error;
  }
}
