import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isNodeNewEnough, oldestNode } from "./oldest-node.ts";

test("the oldest Node is the one that package.json names", () => {
  const text = readFileSync(join(import.meta.dirname, "../../package.json"), "utf8");
  assert.equal((JSON.parse(text) as { engines: { node: string } }).engines.node, `>=${oldestNode}`);
});

test("Node is compared by its major version", () => {
  assert.equal(isNodeNewEnough("20.20.2"), false);
  assert.equal(isNodeNewEnough("24.0.0"), true);
  assert.equal(isNodeNewEnough("100.1.0"), true);
});
