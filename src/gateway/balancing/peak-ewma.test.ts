import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { PeakEwma } from "./peak-ewma.ts";

test("knows nothing at first", () => {
  assert.equal(new PeakEwma().at(1_000), 0);
});

test("jumps to a slow sample at once, and comes down slowly", () => {
  const estimate = new PeakEwma(10_000);
  estimate.observe(10, 0);
  estimate.observe(500, 100);
  assert.equal(estimate.at(100), 500);
  estimate.observe(10, 1_100);
  const after = 500 * Math.exp(-0.1) + 10 * (1 - Math.exp(-0.1));
  assert.ok(Math.abs(estimate.at(1_100) - after) < 1e-9);
});

test("decays to 1/e in ten seconds without samples", () => {
  const estimate = new PeakEwma();
  estimate.observe(100, 5_000);
  assert.ok(Math.abs(estimate.at(15_000) - 100 / Math.E) < 1e-9);
});

test("stays between zero and the slowest sample, and asking changes nothing", () => {
  const sample = fc.record({ latencyMs: fc.nat(10_000), passedMs: fc.nat(20_000) });
  fc.assert(
    fc.property(fc.array(sample), (samples) => {
      const [asked, unasked] = [new PeakEwma(), new PeakEwma()];
      let now = 0;
      let slowest = 0;
      for (const { latencyMs, passedMs } of samples) {
        asked.at(now + passedMs / 2);
        now += passedMs;
        slowest = Math.max(slowest, latencyMs);
        asked.observe(latencyMs, now);
        unasked.observe(latencyMs, now);
        assert.ok(asked.at(now) >= latencyMs * (1 - Number.EPSILON) || asked.at(now) <= slowest);
        assert.ok(asked.at(now) >= 0 && asked.at(now) <= slowest);
        assert.equal(asked.at(now), unasked.at(now));
      }
    }),
  );
});
