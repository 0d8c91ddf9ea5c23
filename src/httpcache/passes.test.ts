import assert from "node:assert/strict";
import { test } from "node:test";
import { Passes } from "./passes.ts";

test("what was passed is passed for a while, and then asked about again", () => {
  const passes = new Passes(1_000);
  passes.add("a", "private", 0);
  assert.equal(passes.find("a", 999), "private");
  assert.equal(passes.find("b", 999), undefined);
  assert.equal(passes.find("a", 1_000), undefined);
});

test("only so many are remembered: the oldest is forgotten first, and one that is added again is the newest", () => {
  const passes = new Passes(1_000);
  for (let i = 0; i < 16_384; i++) passes.add(String(i), "no-store", 0);
  passes.add("0", "no-store", 0);
  passes.add("new", "no-store", 0);
  assert.equal(passes.find("0", 1), "no-store");
  assert.equal(passes.find("1", 1), undefined);
  assert.equal(passes.find("2", 1), "no-store");
});
