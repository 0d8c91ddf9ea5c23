import assert from "node:assert/strict";
import { test } from "node:test";
import { DistinctCount } from "./distinct-count.ts";

test("what comes again counts once, and what differs is counted to within a sixth", () => {
  for (const texts of [0, 1, 2, 10, 100, 1_000]) {
    const count = new DistinctCount();
    for (let again = 0; again < 3; again++)
      for (let n = 0; n < texts; n++) count.add(`http://shop.example/products?page=${n}`);
    assert.ok(Math.abs(count.estimate - texts) <= texts / 6, `${texts}: ${count.estimate}`);
  }
});

test("of very many it says that they are many", () => {
  const count = new DistinctCount();
  for (let n = 0; n < 100_000; n++) count.add(String(n));
  assert.ok(count.estimate > 2_000 && count.estimate < 4_000);
});
