import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import { type LoadReport, ToldConcurrency } from "./told-concurrency.ts";

test("what is measured is told, and what is told is kept to", () => {
  const told: LoadReport[] = [];
  const concurrency = new ToldConcurrency((report) => told.push(report));
  const policy = concurrency.create("api", 32);
  const other = concurrency.create("other", 16);
  const window = windowOf({ maxInFlight: 3 });
  policy.observe(window);
  assert.deepEqual(told, [{ service: "api", window, limit: 32 }]);
  assert.equal(policy.limit, 32);
  concurrency.hear("api", 7);
  concurrency.hear("gone", 7);
  assert.deepEqual([policy.limit, other.limit], [7, 16]);
});

test("that nothing happens is told once", () => {
  let told = 0;
  const policy = new ToldConcurrency(() => told++).create("api", 32);
  for (const happened of [{}, {}, { maxInFlight: 1 }, {}, {}, {}, { answers: 1, answeredMs: 1 }]) {
    policy.observe(windowOf(happened));
  }
  assert.equal(told, 3);
});
