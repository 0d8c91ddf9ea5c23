import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import type { Candidate, Selector } from "./candidate.ts";
import { consistentHash } from "./consistent-hash.ts";
import { assertShares, candidatesOf, selectorContract, tally } from "./contract.ts";
import { hash32 } from "./hash.ts";

const keys = Array.from({ length: 10_000 }, (_, i) => hash32(`/products/${i}`));

const homes = (select: Selector, candidates: readonly Candidate[]): Candidate[] =>
  keys.map((key) => select(candidates, key, 0)!);

suite("consistent hash with bounded loads", () => {
  selectorContract(consistentHash);

  test("one that joins takes at most 1/n + 5 % of the keys, and nobody else gains any", () => {
    for (let n = 2; n <= 50; n++) {
      const after = candidatesOf(...Array.from({ length: n }, () => 1));
      const joining = after.at(-1)!;
      const select = consistentHash(Math.random);
      const before = homes(select, after.slice(0, -1));
      const moved = homes(select, after).filter((home, i) => home !== before[i]);
      assert.ok(moved.length <= keys.length * (1 / n + 0.05), `${n}: ${moved.length} of ${keys.length} keys moved`);
      assert.ok(moved.every((home) => home === joining));
    }
  });

  test("with weights, one that joins or leaves moves its share and no other key", () => {
    const weight = fc.constantFrom(0.5, 1, 2, 3, 10);
    fc.assert(
      fc.property(fc.array(weight, { minLength: 2, maxLength: 50 }), fc.nat(), (weights, position) => {
        const all = candidatesOf(...weights);
        const mover = all[position % all.length]!;
        const others = all.filter((candidate) => candidate !== mover);
        const share = mover.weight / weights.reduce((a, b) => a + b, 0);
        const select = consistentHash(Math.random);
        const without = homes(select, others);
        const withIt = homes(select, all);
        const moved = withIt.filter((home, i) => home !== without[i]);
        assert.ok(moved.every((home) => home === mover));
        assert.ok(moved.length <= keys.length * (share + 0.05));
        assert.deepEqual(homes(select, others), without, "as if it had never been there");
      }),
      { numRuns: 20 },
    );
  });

  test("gateways agree, whatever has come and gone before", () => {
    const all = candidatesOf(1, 2, 1, 1, 3, 1);
    const [one, other] = [consistentHash(Math.random), consistentHash(Math.random)];
    one(all.slice(0, 2), 0, 0);
    one(all.slice(3), 0, 0);
    one([all[1]!, { ...all[0]!, weight: 7 }], 0, 0);
    assert.deepEqual(homes(one, all), homes(other, all.toReversed()));
  });

  test("a candidate that is replaced by one of the same id keeps its keys", () => {
    const old = candidatesOf(1, 1, 1);
    const renewed = candidatesOf(1, 1, 1);
    const select = consistentHash(Math.random);
    const before = homes(select, old).map(({ index }) => renewed[index]);
    assert.deepEqual(homes(select, renewed), before);
    assert.ok(homes(select, renewed).every((home) => renewed.includes(home)));
  });

  test("keys are shared out by weight", () => {
    const candidates = candidatesOf(1, 1, 2, 4);
    const select = consistentHash(Math.random);
    assertShares(
      tally(candidates, keys.length, (i) => select(candidates, keys[i]!, 0)),
      [1, 1, 2, 4],
      0.1,
    );
  });

  test("nobody carries more than 1.25 × its part of the load, however few the keys", () => {
    const weights = fc.array(fc.constantFrom(0.1, 1, 2, 5), { minLength: 1, maxLength: 30 });
    const events = fc.array(fc.record({ key: fc.nat(3), ends: fc.nat(2) }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(weights, events, (weights, events) => {
        const candidates = candidatesOf(...weights);
        const weightSum = weights.reduce((a, b) => a + b, 0);
        const select = consistentHash(Math.random);
        const open: Candidate[] = [];
        for (const { key, ends } of events) {
          const chosen = select(candidates, key, 0)!;
          chosen.inFlight++;
          open.push(chosen);
          const bound = Math.ceil((1.25 * open.length * chosen.weight) / weightSum);
          assert.ok(chosen.inFlight <= bound, `${chosen.inFlight} > ${bound}`);
          for (let i = 0; i < ends && open.length > 1; i++) open.splice(key % open.length, 1)[0]!.inFlight--;
        }
      }),
    );
  });

  test("the overflow of a hot key spreads over many, and always the same way", () => {
    const overflow = (): number[] => {
      const candidates = candidatesOf(1, 1, 1, 1, 1, 1, 1, 1);
      const select = consistentHash(Math.random);
      for (let i = 0; i < 80; i++) select(candidates, 42, 0)!.inFlight++;
      return candidates.map(({ inFlight }) => inFlight);
    };
    assert.deepEqual(overflow(), overflow());
    assert.ok(Math.max(...overflow()) <= 13);
  });

  test("a thousand upstreams are no trouble", () => {
    const candidates = candidatesOf(...Array.from({ length: 1_000 }, () => 1));
    const select = consistentHash(Math.random);
    assert.ok(new Set(homes(select, candidates)).size > 950);
  });
});
