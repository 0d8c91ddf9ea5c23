import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync } from "node:zlib";
import { codedTag, Compressor } from "./compressor.ts";

const text = Buffer.from("hello, hello, hello\n".repeat(500));

test("many who want the same at once have it made once", async () => {
  const compressor = new Compressor();
  let reads = 0;
  const read = async (): Promise<Buffer> => {
    reads++;
    return text;
  };
  const made = await Promise.all(Array.from({ length: 1_000 }, () => compressor.compress('"a-br"', "br", read)));
  assert.equal(reads, 1);
  assert.ok(made.every((bytes) => bytes === made[0]));
  assert.deepEqual(brotliDecompressSync(made[0]!), text);
  await compressor.compress('"a-br"', "br", read);
  assert.equal(reads, 2, "it keeps nothing: that is the cache's");
});

test("only a few are made at a time, and whoever comes when many wait is to do without", async () => {
  const compressor = new Compressor();
  let running = 0;
  let most = 0;
  const read = async (): Promise<Buffer> => {
    most = Math.max(most, ++running);
    await new Promise(setImmediate);
    running--;
    return text;
  };
  const all = Array.from({ length: 70 }, (_, i) => compressor.compress(`"${i}"`, "gzip", read));
  assert.ok(compressor.isBusy);
  await Promise.all(all);
  assert.ok(!compressor.isBusy);
  assert.equal(most, 2);
});

test("one that fails stands in nobody's way", async () => {
  const compressor = new Compressor();
  const failing = Array.from({ length: 5 }, (_, i) =>
    compressor.compress(`"${i}"`, "gzip", () => Promise.reject(new Error("unreadable"))),
  );
  for (const each of failing) await assert.rejects(each, /unreadable/);
  assert.ok((await compressor.compress('"0"', "gzip", async () => text)).length < text.length);
});

test("what waits to be sent counts until it is released", () => {
  const compressor = new Compressor();
  const releases = [1, 2].map(() => compressor.hold(Buffer.alloc(32 * 1024 * 1024)));
  assert.ok(compressor.isBusy);
  releases[0]!();
  releases[0]!();
  assert.ok(!compressor.isBusy);
});

test("a coding's tag is within the quotes, and names who made it", () => {
  assert.match(codedTag('"abc"', "br"), /^"abc-br[\d.]+"$/);
  assert.notEqual(codedTag('"abc"', "gzip"), codedTag('"abc"', "zstd"));
});
