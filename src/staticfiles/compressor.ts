import { promisify } from "node:util";
import { brotliCompress, constants, gzip, zstdCompress } from "node:zlib";
import type { ContentCoding } from "../http/index.ts";

const { BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT, ZSTD_c_compressionLevel } = constants;
const chunkSize = 64 * 1024;

/**
 * Where each next level costs much more time than it saves bytes. Who wants the last per cent compresses when building: those files are
 * preferred. In the thread pool, so that the gateway goes on meanwhile.
 */
const encoders: Readonly<Record<ContentCoding, (bytes: Buffer) => Promise<Buffer>>> = {
  br: (bytes) =>
    promisify(brotliCompress)(bytes, {
      chunkSize,
      params: { [BROTLI_PARAM_QUALITY]: 5, [BROTLI_PARAM_SIZE_HINT]: bytes.length },
    }),
  zstd: (bytes) => promisify(zstdCompress)(bytes, { chunkSize, params: { [ZSTD_c_compressionLevel]: 6 } }),
  gzip: (bytes) => promisify(gzip)(bytes, { chunkSize, level: 6 }),
};

const { brotli, zlib, zstd } = process.versions;
/** Another encoder makes other bytes of the same. */
const encoderVersions: Readonly<Record<ContentCoding, string | undefined>> = { br: brotli, zstd, gzip: zlib };

/** Smaller ones would not travel faster, larger ones take long: they are for the build. */
export const compressedBytes = { least: 1_024, most: 4 * 1024 * 1024 } as const;
/** Of the four threads of Node's pool, which read files as well. */
const maxRunning = 2;
const maxWaiting = 64;
/** What has been made and is not sent yet: where nothing is cached, each request has its own. */
const maxHeldBytes = 64 * 1024 * 1024;

/** The tag of what an encoder makes of a file. @param etag of the file, with its quotes */
export function codedTag(etag: string, coding: ContentCoding): string {
  return `${etag.slice(0, -1)}-${coding}${encoderVersions[coding] ?? ""}"`;
}

/** Compresses files, each once for all who ask at the same time, a few at a time. */
export class Compressor {
  readonly #running = new Map<string, Promise<Buffer>>();
  readonly #waiting: (() => void)[] = [];
  #free = maxRunning;
  #heldBytes = 0;

  /** Whoever needs it now gets the file as it is. */
  get isBusy(): boolean {
    return this.#waiting.length >= maxWaiting || this.#heldBytes >= maxHeldBytes;
  }

  /**
   * @param tag of what is to be made: the same tag, the same bytes
   * @param read only asked when nobody else has
   */
  compress(tag: string, coding: ContentCoding, read: () => Promise<Buffer>): Promise<Buffer> {
    const running = this.#running.get(tag);
    if (running !== undefined) return running;
    const made = this.#inTurn(async () => encoders[coding](await read())).finally(() => this.#running.delete(tag));
    this.#running.set(tag, made);
    return made;
  }

  /** Until it is released, the bytes count. @returns releases them; more than once is fine */
  hold(bytes: Buffer): () => void {
    let held = bytes.length;
    this.#heldBytes += held;
    return () => {
      this.#heldBytes -= held;
      held = 0;
    };
  }

  async #inTurn(make: () => Promise<Buffer>): Promise<Buffer> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free--;
    try {
      return await make();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}
