import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Candidate, SelectorFactory } from "./candidate.ts";
import { mix32 } from "./hash.ts";
import { PeakEwma } from "./peak-ewma.ts";

/** What every selector promises, and what its tests are made of. */
export function selectorContract(create: SelectorFactory): void {
  void test("chooses nothing only when there is nothing", () => {
    const select = create(seeded());
    assert.equal(select([], 1, 0), undefined);
    const [only] = candidatesOf(1);
    assert.equal(select([only!], 1, 0), only);
    assert.equal(select([], 1, 0), undefined);
  });

  void test("chooses one of the candidates it is given, however they come and go", () => {
    const all = candidatesOf(1, 2, 3, 1, 5, 0.5, 1, 1);
    const present = fc.uniqueArray(fc.nat(all.length - 1), { minLength: 1 });
    const step = fc.record({ present, key: fc.nat(), warmth: fc.double({ min: 0.01, max: 1, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        const select = create(seeded());
        for (const { present, key, warmth } of steps) {
          const candidates = present.map((i) => all[i]!);
          candidates[0]!.warmth = warmth;
          const chosen = select(candidates, key, 0)!;
          assert.ok(candidates.includes(chosen));
          chosen.inFlight++;
        }
      }),
      { numRuns: 50 },
    );
  });

  void test("chooses the same again from the same chance", () => {
    const choices = (): (string | undefined)[] => {
      const select = create(seeded(7));
      const candidates = candidatesOf(1, 2, 3);
      return Array.from({ length: 50 }, (_, key) => select(candidates, key, 0)?.id);
    };
    assert.deepEqual(choices(), choices());
  });
}

/** Warm and idle ones of these weights: `"a"`, `"b"`, …, or `"n27"` and so on. */
export function candidatesOf(...weights: readonly number[]): Candidate[] {
  return weights.map((weight, index) => ({
    id: index < 26 ? String.fromCharCode(97 + index) : `n${index}`,
    index,
    weight,
    inFlight: 0,
    peakEwma: new PeakEwma(),
    warmth: 1,
  }));
}

/** Chance that is the same in every run. */
export function seeded(seed = 1): () => number {
  let drawn = 0;
  return () => mix32(Math.imul(seed, 0x9e3779b1) + ++drawn) / 0x1_0000_0000;
}

/** How often each was chosen, by position, in `turns` turns that take no time. */
export function tally(
  candidates: readonly Candidate[],
  turns: number,
  choose: (turn: number) => Candidate | undefined,
) {
  const counts = candidates.map(() => 0);
  for (let turn = 0; turn < turns; turn++) counts[candidates.indexOf(choose(turn)!)]!++;
  return counts;
}

/** Each count is its share of the whole, but for `tolerance` × that share. */
export function assertShares(counts: readonly number[], shares: readonly number[], tolerance: number): void {
  const whole = counts.reduce((a, b) => a + b, 0);
  const shareSum = shares.reduce((a, b) => a + b, 0);
  for (const [i, count] of counts.entries()) {
    const expected = (whole * shares[i]!) / shareSum;
    assert.ok(Math.abs(count - expected) <= expected * tolerance, `${counts.join()} are not ${shares.join()}`);
  }
}
