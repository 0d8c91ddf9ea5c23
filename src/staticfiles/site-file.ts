import type { BigIntStats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { ByteRange } from "../http/index.ts";

/** As much is read at a time, and a file that is no longer than this at once. */
export const chunkBytes = 128 * 1024;

/** What was sent, or is about to be, is not what is there any more. */
export class FileChanged extends Error {
  override readonly name = "FileChanged";
}

/**
 * An open file, and what it was when it was opened. Whoever reads it learns when it is no longer that: the last bytes are only given out when the
 * file is still the same after they were read. So nothing that is complete was ever mixed from two versions, and none that shrinks is filled up.
 */
export class SiteFile implements AsyncDisposable {
  readonly size: number;
  /** Milliseconds since the epoch, as the next. */
  readonly modifiedAt: number;
  /** When anything of it was changed last: nobody can set this time, as they can the other. */
  readonly changedAt: number;
  /** Another one as soon as anything of it changes, its name or its mode as well. */
  readonly version: string;
  readonly #modified: bigint;
  readonly #handle: FileHandle;
  #whole: Promise<Buffer> | undefined;

  constructor(handle: FileHandle, stats: BigIntStats) {
    this.#handle = handle;
    this.size = Number(stats.size);
    this.modifiedAt = Number(stats.mtimeMs);
    this.changedAt = Number(stats.ctimeMs);
    this.version = versionOf(stats);
    this.#modified = stats.mtimeNs;
  }

  /** Read once. @throws FileChanged */
  whole(): Promise<Buffer> {
    this.#whole ??= this.#readWhole();
    return this.#whole;
  }

  /** @throws FileChanged */
  async *chunks({ first, last }: ByteRange): AsyncGenerator<Buffer, void, void> {
    for (let at = first; at <= last;) {
      const chunk = Buffer.allocUnsafeSlow(Math.min(chunkBytes, last + 1 - at));
      await this.#fill(chunk, at);
      at += chunk.length;
      if (at > last) await this.#assertSame();
      yield chunk;
    }
  }

  /** Waits for what is being read. More than once is fine. */
  async close(): Promise<void> {
    await this.#handle.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  async #readWhole(): Promise<Buffer> {
    const whole = Buffer.allocUnsafeSlow(this.size);
    await this.#fill(whole, 0);
    await this.#assertSame();
    return whole;
  }

  async #fill(buffer: Buffer, position: number): Promise<void> {
    for (let filled = 0; filled < buffer.length;) {
      const { bytesRead } = await this.#handle.read(buffer, filled, buffer.length - filled, position + filled);
      if (bytesRead === 0) throw new FileChanged("the file has become shorter");
      filled += bytesRead;
    }
  }

  /** In its content: one that was replaced by another, or is gone, is still what it was to whoever has it open. */
  async #assertSame(): Promise<void> {
    const { size, mtimeNs } = await this.#handle.stat({ bigint: true });
    if (Number(size) !== this.size || mtimeNs !== this.#modified) throw new FileChanged("the file has changed");
  }
}

function versionOf({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, size, mtimeNs, ctimeNs].map((part) => part.toString(36)).join("-");
}
