import assert from "node:assert/strict";
import { test } from "node:test";
import { Passes } from "./passes.ts";

const noStore = { reason: "no-store", status: 200 } as const;
const kind = (id: string) => ({ id, request: { service: "api", origin: "http://a.example", target: `/${id}` } });

test("what was passed is passed for a while, and then asked about again", () => {
  const passes = new Passes(1_000);
  passes.add(kind("a"), { reason: "private", status: 200 }, 0);
  assert.equal(passes.find("a", 999), "private");
  assert.equal(passes.find("b", 999), undefined);
  assert.equal(passes.find("a", 1_000), undefined);
});

test("only so many are remembered: the oldest is forgotten first, and one that is added again is the newest", () => {
  const passes = new Passes(1_000);
  for (let i = 0; i < 16_384; i++) passes.add(kind(String(i)), noStore, 0);
  passes.add(kind("0"), noStore, 0);
  passes.add(kind("new"), noStore, 0);
  assert.equal(passes.find("0", 1), "no-store");
  assert.equal(passes.find("1", 1), undefined);
  assert.equal(passes.find("2", 1), "no-store");
});

test("whoever passes is counted as what may be worth caching, and errors are not", () => {
  const passes = new Passes(10_000);
  passes.add(kind("tags"), { reason: "no-freshness", status: 200, tookMs: 4 }, 0);
  passes.add(kind("missing"), { reason: "no-freshness", status: 404, tookMs: 4 }, 0);
  for (let n = 0; n < 9; n++) for (const id of ["tags", "missing"]) assert.equal(passes.find(id, 1), "no-freshness");
  assert.deepEqual(passes.worthCaching(1), [
    { service: "api", path: "/tags", reason: "no-freshness", requests: 10, urls: 1, upstreamMs: 4 },
  ]);
});
