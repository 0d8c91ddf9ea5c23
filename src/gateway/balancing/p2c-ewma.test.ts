import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { assertShares, candidatesOf, seeded, selectorContract, tally } from "./contract.ts";
import { expectedWait, p2cEwma } from "./p2c-ewma.ts";

suite("power of two choices on peak EWMA", () => {
  selectorContract(p2cEwma);

  test("takes the better of the two it draws", () => {
    const upstream = fc.record({ latencyMs: fc.integer({ min: 1, max: 500 }), inFlight: fc.nat(20) });
    const chance = fc.double({ min: 0, max: 0.999, noNaN: true });
    fc.assert(
      fc.property(fc.array(upstream, { minLength: 2, maxLength: 12 }), chance, chance, (upstreams, one, two) => {
        const candidates = candidatesOf(...upstreams.map(() => 1));
        for (const [i, { latencyMs, inFlight }] of upstreams.entries()) {
          candidates[i]!.inFlight = inFlight;
          candidates[i]!.peakEwma.observe(latencyMs, 0);
        }
        const first = candidates[Math.floor(one * candidates.length)]!;
        const others = candidates.filter((candidate) => candidate !== first);
        const second = others[Math.floor(two * others.length)]!;
        const chances = [one, two];
        const chosen = p2cEwma(() => chances.shift()!)(candidates, 0, 0)!;
        assert.ok(chosen === first || chosen === second);
        assert.equal(expectedWait(chosen, 0), Math.min(expectedWait(first, 0), expectedWait(second, 0)));
      }),
    );
  });

  test("never takes the worst of all", () => {
    const candidates = candidatesOf(1, 1, 1, 1);
    for (const candidate of candidates) candidate.peakEwma.observe(10, 0);
    candidates[2]!.peakEwma.observe(200, 0);
    const select = p2cEwma(seeded());
    const counts = tally(candidates, 4_000, () => select(candidates, 0, 0));
    assert.equal(counts[2], 0);
  });

  test("equals are drawn evenly", () => {
    const candidates = candidatesOf(1, 1, 1, 1, 1);
    const select = p2cEwma(seeded());
    assertShares(
      tally(candidates, 20_000, () => select(candidates, 0, 0)),
      [1, 1, 1, 1, 1],
      0.06,
    );
  });

  test("weight and warmth count for two", () => {
    const [light, heavy] = candidatesOf(1, 4);
    for (const candidate of [light!, heavy!]) candidate.peakEwma.observe(10, 0);
    heavy!.inFlight = 2;
    assert.equal(p2cEwma(seeded())([light!, heavy!], 0, 0), heavy);
    heavy!.warmth = 0.25;
    assert.equal(p2cEwma(seeded())([light!, heavy!], 0, 0), light);
  });

  test("one that has not answered yet waits for its first answer", () => {
    const [known, unknown] = candidatesOf(1, 1);
    known!.peakEwma.observe(300, 0);
    const select = p2cEwma(seeded());
    assert.equal(select([known!, unknown!], 0, 0), unknown, "an idle unknown is tried");
    unknown!.inFlight = 1;
    known!.inFlight = 50;
    assert.equal(select([known!, unknown!], 0, 0), known, "but with one request only");
  });

  test("a slow upstream is tried again once its time is forgotten", () => {
    const [fast, slow] = candidatesOf(1, 1);
    const select = p2cEwma(seeded());
    slow!.peakEwma.observe(1_000, 0);
    fast!.peakEwma.observe(10, 60_000);
    assert.equal(select([fast!, slow!], 0, 60_000), slow);
  });
});
