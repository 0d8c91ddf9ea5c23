import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { candidatesOf, selectorContract, tally } from "./contract.ts";
import { smoothWeightedRoundRobin } from "./smooth-weighted-round-robin.ts";

suite("smooth weighted round robin", () => {
  selectorContract(smoothWeightedRoundRobin);

  test("keeps nginx's sequence", () => {
    const table: [number[], string][] = [
      [[5, 1, 1], "a a b a c a a a a b a c a a"],
      [[1, 1, 1], "a b c a b c"],
      [[2, 1], "a b a a b a"],
      [[4, 3, 2], "a b c a b a c b a"],
    ];
    for (const [weights, expected] of table) {
      const select = smoothWeightedRoundRobin(Math.random);
      const candidates = candidatesOf(...weights);
      const ids = expected.split(" ").map(() => select(candidates, 0, 0)?.id);
      assert.equal(ids.join(" "), expected);
    }
  });

  test("within one period everyone wins exactly its weight", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 20 }), { minLength: 1, maxLength: 12 }), (weights) => {
        const select = smoothWeightedRoundRobin(Math.random);
        const candidates = candidatesOf(...weights);
        const period = weights.reduce((a, b) => a + b, 0);
        for (let i = 0; i < 3; i++) {
          assert.deepEqual(
            tally(candidates, period, () => select(candidates, 0, 0)),
            weights,
          );
        }
      }),
    );
  });

  test("who stays keeps its place in the sequence when others come and go", () => {
    const [a, b, c] = candidatesOf(1, 1, 1);
    const select = smoothWeightedRoundRobin(Math.random);
    assert.equal(select([a!, b!], 0, 0), a);
    assert.equal(select([a!, b!, c!], 0, 0), b, "it was b's turn");
  });

  test("a cold upstream wins by its warmth", () => {
    const candidates = candidatesOf(1, 2);
    candidates[1]!.warmth = 0.25;
    const select = smoothWeightedRoundRobin(Math.random);
    assert.deepEqual(
      tally(candidates, 30, () => select(candidates, 0, 0)),
      [20, 10],
    );
  });
});
