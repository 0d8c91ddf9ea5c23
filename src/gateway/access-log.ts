import { mkdirSync } from "node:fs";
import { mkdir, open, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { codeOf } from "../kernel/index.ts";
import { type Block, LineBlocks } from "./line-blocks.ts";
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
  flushBytes: 256 * 1024,
  maxBufferedBytes: 16 * 1024 * 1024,
};

/**
 * Lines, gathered and appended in the background. `access.log` is the newest, `access.log.1` the one before. All gateway processes
 * append to the same: several that share the port, and one that drains beside its successor.
 */
export class AccessLog {
  readonly #options: AccessLogOptions;
  readonly #blocks: LineBlocks;
  /** As it was after the last write; others write there too. */
  #size: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;
  /** The last line in the file may be a part of one: the disk was full. */
  #isTorn = false;
  dropped = 0;

  constructor(options: Partial<AccessLogOptions> & { readonly path: string }) {
    this.#options = { ...accessLogDefaults, ...options };
    this.#blocks = new LineBlocks(this.#options.flushBytes, this.#options.maxBufferedBytes);
    mkdirSync(dirname(this.#options.path), { recursive: true });
  }

  /** @param line in ASCII, without its end */
  write(line: string): void {
    if (!this.#blocks.add(line)) this.dropped++;
    if (this.#writing === undefined) this.#plan();
  }

  /** Resolves when everything written so far is in the file, or lost. Never rejects. */
  async flush(): Promise<void> {
    await this.#writing;
    this.#blocks.close();
    this.#start();
    await this.#writing;
  }

  /** What is there is written at once if it fills a block, else when its time has come. */
  #plan(): void {
    if (this.#blocks.hasFull) this.#start();
    else if (this.#blocks.hasSome)
      this.#timer ??= setTimeout(() => void this.flush(), this.#options.flushEveryMs).unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined;
      this.#plan();
    });
  }

  async #write(): Promise<void> {
    for (let block = this.#blocks.next(); block !== undefined; block = this.#blocks.next()) {
      await this.#append(block);
      this.#blocks.release(block);
    }
  }

  async #append({ bytes, used, lines }: Block): Promise<void> {
    const { path, maxBytes, maxFiles } = this.#options;
    try {
      this.#size ??= await sizeOf(path);
      const isFull = (size: number): boolean => size > 0 && size + used > maxBytes;
      if (isFull(this.#size)) await rotateLog(path, maxFiles, isFull);
      const whole = bytes.subarray(0, used);
      this.#size = await this.#appendTo(path, this.#isTorn && this.#size > 0 ? Buffer.concat([newline, whole]) : whole);
      this.#isTorn = false;
    } catch {
      this.#size = undefined;
      this.#isTorn = true;
      this.dropped += lines;
    }
  }

  /** Returns the file's size. A folder that was removed, as by a clean-up, is made again. */
  async #appendTo(path: string, bytes: Buffer): Promise<number> {
    return appendTo(path, bytes).catch(async (error: unknown) => {
      if (codeOf(error) !== "ENOENT") throw error;
      await mkdir(dirname(path), { recursive: true });
      return appendTo(path, bytes);
    });
  }
}

const newline = Buffer.from("\n");

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
