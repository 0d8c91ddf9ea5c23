import { mkdirSync } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { rotateLog } from "./log-rotation.ts";

export interface AccessLogOptions {
  readonly path: string;
  /** The file is set aside when it has grown past this. */
  readonly maxBytes: number;
  /** How many are kept, the current one included. */
  readonly maxFiles: number;
  readonly flushEveryMs: number;
  /** Written at once when so much waits. */
  readonly flushBytes: number;
  /** When the disk does not keep up, lines beyond this are dropped and counted: a log must not end the gateway. */
  readonly maxBufferedBytes: number;
}

export const accessLogDefaults: Omit<AccessLogOptions, "path"> = {
  maxBytes: 50 * 1024 * 1024,
  maxFiles: 5,
  flushEveryMs: 100,
  flushBytes: 64 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
};

/**
 * Lines, gathered and appended in the background. `access.log` is the newest, `access.log.1` the one before. All gateway processes
 * append to the same: several that share the port, and one that drains beside its successor.
 */
export class AccessLog {
  readonly #options: AccessLogOptions;
  #buffer = "";
  /** As it was after the last write; others write there too. */
  #size: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** The last line in the file may be a part of one: the disk was full. */
  #isTorn = false;
  dropped = 0;

  constructor(options: Partial<AccessLogOptions> & { readonly path: string }) {
    this.#options = { ...accessLogDefaults, ...options };
    mkdirSync(dirname(this.#options.path), { recursive: true });
  }

  /** @param line without its end */
  write(line: string): void {
    if (this.#buffer.length > this.#options.maxBufferedBytes) {
      this.dropped++;
      return;
    }
    this.#buffer += `${line}\n`;
    if (this.#buffer.length >= this.#options.flushBytes) void this.flush();
    else this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushEveryMs).unref();
  }

  /** Resolves when everything written so far is in the file, or lost. Never rejects. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#writing !== undefined) {
      await this.#writing;
      return this.#buffer === "" ? undefined : this.flush();
    }
    if (this.#buffer === "") return;
    const lines = this.#buffer;
    this.#buffer = "";
    this.#writing = this.#append(lines).finally(() => (this.#writing = undefined));
    await this.#writing;
  }

  async #append(lines: string): Promise<void> {
    const { path, maxBytes, maxFiles } = this.#options;
    try {
      this.#size ??= await sizeOf(path);
      const bytes = Buffer.from(this.#isTorn && this.#size > 0 ? `\n${lines}` : lines);
      const isFull = (size: number): boolean => size > 0 && size + bytes.length > maxBytes;
      if (isFull(this.#size)) await rotateLog(path, maxFiles, isFull);
      this.#size = await this.#write(bytes);
      this.#isTorn = false;
    } catch {
      this.#size = undefined;
      this.#isTorn = true;
      this.dropped += lines.split("\n").length - 1;
    }
  }

  /** Returns the file's size. A folder that was removed, as by a clean-up, is made again. */
  async #write(bytes: Buffer): Promise<number> {
    const { path } = this.#options;
    return appendTo(path, bytes).catch(async (error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
      await mkdir(dirname(path), { recursive: true });
      return appendTo(path, bytes);
    });
  }
}

async function appendTo(path: string, bytes: Buffer): Promise<number> {
  await using file = await open(path, "a", 0o640);
  await file.appendFile(bytes);
  return (await file.stat()).size;
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}
