import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import type { ContentCoding } from "../../http/index.ts";

/**
 * What is coded for one client costs each time: levels that take little time, and of what a client wants alike the one that takes least. Of 8 KB
 * of JSON zstd 3 makes 1.9 KB in 33 µs, gzip 4 as much in 53, brotli 4 in 59; of 1 MB 207 KB in 2 ms, 208 in 7, 228 in 8 (bench/codings.ts).
 *
 * Streams look back 256 KB, no more: that is most of what each of them holds.
 */
export const passCodings: readonly ContentCoding[] = ["zstd", "br", "gzip"];

const { BROTLI_PARAM_LGWIN, BROTLI_PARAM_QUALITY, BROTLI_PARAM_SIZE_HINT } = constants;
const { ZSTD_c_compressionLevel, ZSTD_c_windowLog } = constants;
const windowLog = 18;

const brotliParams = { [BROTLI_PARAM_QUALITY]: 4, [BROTLI_PARAM_LGWIN]: windowLog };
const brotliOptions = { params: brotliParams };
const zstdOptions = { params: { [ZSTD_c_compressionLevel]: 3, [ZSTD_c_windowLog]: windowLog } };
const gzipOptions = { level: 4 };

/** A smaller body that is there as a whole is coded on the event loop: zstd takes 47 µs for it, brotli 145 (bench/codings.ts). */
export const atOnceBytes = 16 * 1024;

export function codeAtOnce(body: Buffer, coding: ContentCoding): Buffer {
  switch (coding) {
    case "br":
      return brotliCompressSync(body, { params: { ...brotliParams, [BROTLI_PARAM_SIZE_HINT]: body.length } });
    case "zstd":
      return zstdCompressSync(body, zstdOptions);
    case "gzip":
      return gzipSync(body, gzipOptions);
  }
}

export type EncodingStream = ReturnType<typeof createBrotliCompress | typeof createGzip | typeof createZstdCompress>;

/** Works on zlib's threads. */
export function createEncoder(coding: ContentCoding): EncodingStream {
  switch (coding) {
    case "br":
      return createBrotliCompress(brotliOptions);
    case "zstd":
      return createZstdCompress(zstdOptions);
    case "gzip":
      return createGzip(gzipOptions);
  }
}

/** Brings out all that went in, so that it can be decoded, and goes on. */
export const flushKinds: Readonly<Record<ContentCoding, number>> = {
  br: constants.BROTLI_OPERATION_FLUSH,
  zstd: constants.ZSTD_e_flush,
  gzip: constants.Z_SYNC_FLUSH,
};
