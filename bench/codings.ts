/**
 * What do content codings cost at which level, and what do they save? The levels in `src/httpcache/encoders.ts` and
 * `src/gateway/compression/pass-encoders.ts` go by this: coding on one thread, of JSON as APIs answer it, medians.
 *
 *     node bench/codings.ts [--out bench/results/codings.json]
 */
import { writeFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { brotliCompressSync, constants, gzipSync, zstdCompressSync } from "node:zlib";

const { values } = parseArgs({
  options: { out: { type: "string", default: join(import.meta.dirname, "results/codings.json") } },
});

const { BROTLI_PARAM_QUALITY, ZSTD_c_compressionLevel } = constants;
const coders: Readonly<Record<string, (body: Buffer) => Buffer>> = {
  "br 4": (body) => brotliCompressSync(body, { params: { [BROTLI_PARAM_QUALITY]: 4 } }),
  "br 6": (body) => brotliCompressSync(body, { params: { [BROTLI_PARAM_QUALITY]: 6 } }),
  "br 9": (body) => brotliCompressSync(body, { params: { [BROTLI_PARAM_QUALITY]: 9 } }),
  "zstd 3": (body) => zstdCompressSync(body, { params: { [ZSTD_c_compressionLevel]: 3 } }),
  "zstd 10": (body) => zstdCompressSync(body, { params: { [ZSTD_c_compressionLevel]: 10 } }),
  "gzip 4": (body) => gzipSync(body, { level: 4 }),
  "gzip 6": (body) => gzipSync(body, { level: 6 }),
  "gzip 9": (body) => gzipSync(body, { level: 9 }),
};

const sizes = { "1 KB": 1_024, "8 KB": 8_192, "16 KB": 16_384, "1 MB": 1_000_000 };
const runs = 41;

/** Articles in a list; the seed makes them the same each time. */
function json(bytes: number): Buffer {
  let seed = 1;
  const next = (below: number): number => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const words = ["cache", "gateway", "article", "reader", "fresh", "stale", "origin", "edge", "token", "shard"];
  let text = "[";
  for (let id = 1; text.length < bytes; id++) {
    const title = Array.from({ length: 6 }, () => words[next(words.length)]).join(" ");
    text += JSON.stringify({ id, slug: `${title.replaceAll(" ", "-")}-${next(1e6)}`, title, likes: next(1_000) });
  }
  return Buffer.from(text.slice(0, bytes));
}

function medianMicros(work: () => void): number {
  const times = Array.from({ length: runs }, () => {
    const begun = performance.now();
    work();
    return (performance.now() - begun) * 1_000;
  });
  return Math.round(times.toSorted((a, b) => a - b)[Math.floor(runs / 2)]!);
}

const rows = Object.entries(sizes).flatMap(([size, bytes]) => {
  const body = json(bytes);
  return Object.entries(coders).map(([coding, code]) => {
    for (let i = 0; i < 5; i++) code(body);
    return { size, coding, micros: medianMicros(() => code(body)), bytes: code(body).length };
  });
});

console.table(rows);
const machine = { cpu: cpus()[0]?.model, node: process.version };
writeFileSync(values.out, `${JSON.stringify({ date: new Date().toISOString(), machine, runs, rows }, null, 2)}\n`);
