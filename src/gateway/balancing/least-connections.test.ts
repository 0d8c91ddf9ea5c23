import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Candidate } from "./candidate.ts";
import { assertShares, candidatesOf, seeded, selectorContract, tally } from "./contract.ts";
import { leastConnections } from "./least-connections.ts";

const load = ({ inFlight, weight, warmth }: Candidate): number => inFlight / (weight * warmth);

suite("least connections", () => {
  selectorContract(leastConnections);

  test("never chooses one with more load than another", () => {
    const upstream = fc.record({
      weight: fc.integer({ min: 1, max: 10 }),
      inFlight: fc.nat(50),
      warmth: fc.constantFrom(0.1, 0.5, 1),
    });
    fc.assert(
      fc.property(fc.array(upstream, { minLength: 1, maxLength: 20 }), fc.nat(), (upstreams, seed) => {
        const candidates = upstreams.map((each, i) => ({ ...candidatesOf(1)[0]!, ...each, id: `${i}` }));
        const chosen = leastConnections(seeded(seed))(candidates, 0, 0)!;
        for (const other of candidates) assert.ok(load(chosen) <= load(other));
      }),
    );
  });

  test("equals are drawn evenly, wherever they stand", () => {
    const candidates = candidatesOf(1, 1, 1, 1, 1);
    candidates[0]!.inFlight = 1;
    candidates[3]!.inFlight = 1;
    const select = leastConnections(seeded());
    const counts = tally(candidates, 9_000, () => select(candidates, 0, 0));
    assertShares(counts, [0, 1, 1, 0, 1], 0.06);
  });

  test("an idle fleet is used by weight and warmth", () => {
    const candidates = candidatesOf(1, 3, 1);
    candidates[2]!.warmth = 0.1;
    const select = leastConnections(seeded());
    assertShares(
      tally(candidates, 41_000, () => select(candidates, 0, 0)),
      [1, 3, 0.1],
      0.08,
    );
  });

  test("requests in flight come to be in proportion to the weights", () => {
    const candidates = candidatesOf(1, 2, 4);
    const select = leastConnections(seeded());
    for (let i = 0; i < 70; i++) select(candidates, 0, 0)!.inFlight++;
    assert.deepEqual(
      candidates.map(({ inFlight }) => inFlight),
      [10, 20, 40],
    );
  });

  test("one that never answers is given no more than its part of what is in flight", () => {
    const candidates = candidatesOf(1, 1, 1, 1);
    const select = leastConnections(seeded());
    const open: Candidate[] = [];
    for (let i = 0; i < 1_000; i++) {
      const chosen = select(candidates, 0, 0)!;
      chosen.inFlight++;
      if (chosen.id !== "a") open.push(chosen);
      if (open.length > 12) open.shift()!.inFlight--;
    }
    assert.ok(candidates[0]!.inFlight <= 6, `${candidates[0]!.inFlight} hang`);
  });
});
