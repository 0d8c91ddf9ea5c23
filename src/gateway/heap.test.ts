import assert from "node:assert/strict";
import { test } from "node:test";
import { heapArguments } from "./heap.ts";

const GiB = 1024 ** 3;

test("a cache that fits leaves the heap's limit as it is", () => {
  assert.deepEqual(heapArguments(64 * 1024 * 1024, 2 * GiB), ["--max-semi-space-size=32"]);
});

test("a cache that does not fit raises it", () => {
  assert.deepEqual(heapArguments(4 * GiB, 2 * GiB), ["--max-semi-space-size=32", "--max-old-space-size=5632"]);
});
