import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { formatBytes } from "../../kernel/index.ts";
import type { LogTuning } from "../options.ts";
import { LineSplitter } from "./line-splitter.ts";
import { printable } from "./printable.ts";
import { rotateLog } from "./rotate-log.ts";

const chunk = Buffer.allocUnsafe(64 * 1024);

/**
 * Reads what a process appends to its log file, from now on. Reading is synchronous: the bytes were written a moment ago and are in memory,
 * and whoever reports a crash needs the last lines now. What is read in one go has a bound.
 */
export class LogTail {
  readonly path: string;
  readonly #tuning: LogTuning;
  readonly #file: number;
  readonly #splitter: LineSplitter;
  #offset: number;
  #askedAt = -1;
  #rotation: Promise<void> | undefined;
  #isClosed = false;

  /** @param path of a file that exists */
  constructor(path: string, tuning: LogTuning) {
    this.path = path;
    this.#tuning = tuning;
    this.#file = openSync(path, "r");
    this.#offset = fstatSync(this.#file).size;
    this.#splitter = new LineSplitter(tuning.maxLineBytes);
  }

  /** Whether it reads the file that this descriptor is of, and not one of the same name that was removed. */
  isOf(file: number): boolean {
    return fstatSync(this.#file).ino === fstatSync(file).ino;
  }

  /** The lines that are new. */
  read(): string[] {
    if (this.#isClosed) return [];
    const lines: string[] = [];
    const { size } = fstatSync(this.#file);
    if (size < this.#offset) this.#offset = 0; // Somebody has emptied it.
    const behind = size - this.#offset;
    if (behind > this.#tuning.maxBehindBytes) {
      this.#offset = size;
      lines.push(...this.#splitter.flush(), `… ${formatBytes(behind)} came too fast to be shown: see ${this.path}`);
    }
    while (this.#offset < size) {
      const read = readSync(this.#file, chunk, 0, Math.min(chunk.length, size - this.#offset), this.#offset);
      if (read === 0) break;
      this.#offset += read;
      lines.push(...this.#splitter.push(chunk.subarray(0, read)));
    }
    return lines.map(printable);
  }

  /** Whether a line has begun and nothing was added since the last call: a prompt, or a process that hangs. */
  hasStoppedInLine(): boolean {
    const hasMoved = this.#offset !== this.#askedAt;
    this.#askedAt = this.#offset;
    return !hasMoved && this.#splitter.isInLine;
  }

  /** What is new, and the line that has begun, ended. */
  readAll(): string[] {
    return [...this.read(), ...this.#splitter.flush().map(printable)];
  }

  /** Rotates the file when it is too large. @param take is given the lines that were new before */
  async rotateWhenLarge(take: (lines: string[]) => void): Promise<void> {
    if (this.#isClosed || this.#rotation !== undefined || this.#offset < this.#tuning.maxFileBytes) return;
    this.#rotation = rotateLog(this.path, this.#tuning.keepFiles, () => {
      take(this.read());
      this.#offset = 0;
    });
    try {
      await this.#rotation;
    } finally {
      this.#rotation = undefined;
    }
  }

  /** Waits for a rotation that runs. */
  async close(): Promise<void> {
    await this.#rotation?.catch(() => {});
    if (this.#isClosed) return;
    this.#isClosed = true;
    closeSync(this.#file);
  }
}
