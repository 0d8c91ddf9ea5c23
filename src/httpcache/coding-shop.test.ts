import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import type { ContentCoding } from "../http/index.ts";
import { CodingShop } from "./coding-shop.ts";

const body = Buffer.from("so it goes, ".repeat(10_000));

function order(shop: CodingShop, coding: ContentCoding, more: { body?: Buffer; isWanted?: () => boolean } = {}) {
  const { promise, resolve } = Promise.withResolvers<Buffer | undefined>();
  const isTaken = shop.take({ body, coding, isWanted: () => true, onCoded: resolve, ...more });
  return { isTaken, promise };
}

test("what was coded decodes to the same bytes", async () => {
  const shop = new CodingShop();
  const decoders = { br: brotliDecompressSync, zstd: zstdDecompressSync, gzip: gunzipSync };
  for (const coding of ["br", "zstd", "gzip"] as const)
    assert.deepEqual(decoders[coding]((await order(shop, coding).promise)!), body);
});

test("what waits for its turn and is no longer wanted is not coded", async () => {
  const shop = new CodingShop();
  let isWanted = true;
  const first = [order(shop, "br"), order(shop, "gzip")];
  let isCoded = false;
  const unwanted = order(shop, "zstd", { isWanted: () => isWanted });
  void unwanted.promise.then(() => (isCoded = true));
  const last = order(shop, "zstd");
  isWanted = false;
  await Promise.all([...first, last].map(({ promise }) => promise));
  assert.equal(isCoded, false);
});

test("when too much waits, it is declined, and taken again later", async () => {
  const shop = new CodingShop();
  const large = Buffer.alloc(9 * 1024 * 1024, "x");
  const taken = [0, 1, 2].map(() => order(shop, "gzip", { body: large }));
  assert.ok(taken.every(({ isTaken }) => isTaken));
  assert.equal(order(shop, "gzip", { body: large }).isTaken, false);
  await Promise.all(taken.map(({ promise }) => promise));
  const later = order(shop, "gzip", { body: large });
  assert.equal(later.isTaken, true);
  await later.promise;
});
