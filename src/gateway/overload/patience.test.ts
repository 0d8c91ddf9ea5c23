import assert from "node:assert/strict";
import { test } from "node:test";
import { expectedWaitMs, patienceMs, retryAfterSeconds } from "./patience.ts";

const queueTimeoutMs = 1_000;

test("a burst may wait as long as is configured, and of a line that stands only a tenth is kept", () => {
  const of = (standingMs: number): number => patienceMs({ queueTimeoutMs, isCritical: false, standingMs });
  assert.equal(of(0), 1_000);
  assert.equal(of(500), 1_000);
  assert.equal(of(501), 100);
});

test("the highest priority is given time, but not when it alone is too much", () => {
  const of = (standingMs: number): number => patienceMs({ queueTimeoutMs, isCritical: true, standingMs });
  assert.equal(of(1_999), 1_000);
  assert.equal(of(2_001), 250);
});

test("the wait is foreseen by how fast the line moves", () => {
  assert.equal(expectedWaitMs(50, 200), 250);
  assert.equal(expectedWaitMs(50, 0), 0);
});

test("Retry-After is when the line will have been served, in whole seconds within a minute", () => {
  assert.equal(retryAfterSeconds(0, 200), 1);
  assert.equal(retryAfterSeconds(599, 200), 3);
  assert.equal(retryAfterSeconds(600, 200), 4);
  assert.equal(retryAfterSeconds(1_000_000, 10), 60);
  assert.equal(retryAfterSeconds(1_000, 0), 1);
});
