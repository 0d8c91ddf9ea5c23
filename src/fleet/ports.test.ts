import assert from "node:assert/strict";
import { test } from "node:test";
import { Ports } from "./ports.ts";

test("ports that are asked for together are all different", async () => {
  const ports = new Ports();
  const given = await Promise.all(Array.from({ length: 50 }, () => ports.allocate()));
  assert.equal(new Set(given).size, 50);
  for (const port of given) ports.release(port);
});
