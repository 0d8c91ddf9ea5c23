import assert from "node:assert/strict";
import { test } from "node:test";
import { nextLimit, restingLimit } from "./gradient.ts";
import type { ExpectedLatency } from "./latency-floors.ts";

const quiet: ExpectedLatency = { ms: 20, source: "quiet" };
const found: ExpectedLatency = { ms: 20, source: "found" };

test("while answers take no longer than without a queue, the limit doubles; after an experiment it grows by room for a queue", () => {
  assert.equal(nextLimit({ limit: 64, minimum: 1, latencyMs: 20, floor: quiet }), 128);
  assert.equal(nextLimit({ limit: 64, minimum: 1, latencyMs: 20, floor: found }), 72);
});

test("the longer answers take, the less stays, never less than the least", () => {
  const limits = [40, 80, 160, Infinity].map((latencyMs) =>
    nextLimit({ limit: 64, minimum: 1, latencyMs, floor: quiet }),
  );
  assert.deepEqual(
    limits,
    limits.toSorted((a, b) => b - a),
  );
  assert.equal(nextLimit({ limit: 2, minimum: 4, latencyMs: Infinity, floor: quiet }), 4);
});

test("where answers take less than the noise of the machine, no queue is seen", () => {
  const floor = { ms: 0.1, source: "found" as const };
  assert.ok(nextLimit({ limit: 64, minimum: 1, latencyMs: 2.5, floor }) > 64);
});

test("it rests where it is said to", () => {
  for (const filled of [1, 10, 100, 1_000]) {
    let limit = 64;
    // A service that fills so many places: what is more waits.
    for (let i = 0; i < 500; i++) {
      limit = nextLimit({ limit, minimum: 1, latencyMs: (31 * limit) / filled, floor: found });
    }
    assert.ok(Math.abs(limit / restingLimit(filled) - 1) < 0.01, `${limit} for ${filled}`);
  }
});

test("processes that share a service come to the same limit, and nearly so if they differ about the floor", () => {
  const limitsOf = (floors: readonly number[]): number[] => {
    let limits = [60, 6];
    for (let i = 0; i < 100; i++) {
      const latencyMs = (31 * (limits[0]! + limits[1]!)) / 10;
      limits = limits.map((limit, j) =>
        nextLimit({ limit, minimum: 1, latencyMs, floor: { ms: floors[j]!, source: "found" } }),
      );
    }
    return limits;
  };
  const [one, other] = limitsOf([20, 20]) as [number, number];
  assert.ok(Math.abs(one / other - 1) < 0.01, `${one} and ${other}`);
  const [low, high] = limitsOf([18, 22]) as [number, number];
  assert.ok(high / low < 1.7, `${low} and ${high}`);
});
