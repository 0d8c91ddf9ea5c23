import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { candidatesOf, seeded } from "./contract.ts";
import { pick } from "./pick.ts";
import { createSelector } from "./selector.ts";

const balances = [
  { algorithm: "round-robin" },
  { algorithm: "weighted-round-robin" },
  { algorithm: "least-connections" },
  { algorithm: "p2c-ewma" },
  { algorithm: "ip-hash" },
  { algorithm: "consistent-hash", key: { source: "ip" } },
] as const;

test("the first try is what the selector chooses", () => {
  for (const balance of balances) {
    const candidates = candidatesOf(1, 2, 3, 4);
    const [alone, picking] = [createSelector(balance, seeded()), createSelector(balance, seeded())];
    for (let key = 0; key < 50; key++) {
      assert.equal(pick(picking, candidates, [], key, 0), alone(candidates, key, 0), balance.algorithm);
    }
  }
});

test("a retry never meets an upstream it has met, while there is another", () => {
  const inFlights = fc.array(fc.nat(5), { minLength: 2, maxLength: 8 });
  fc.assert(
    fc.property(fc.constantFrom(...balances), inFlights, fc.nat(), fc.nat(), (balance, inFlights, key, seed) => {
      const candidates = candidatesOf(...inFlights.map(() => 1));
      for (const [i, inFlight] of inFlights.entries()) candidates[i]!.inFlight = inFlight;
      const selector = createSelector(balance, seeded(seed));
      const tried = candidates.slice(0, 0);
      while (tried.length < candidates.length) {
        const chosen = pick(selector, candidates, tried, key, 0)!;
        assert.ok(!tried.includes(chosen));
        tried.push(chosen);
      }
      assert.ok(candidates.includes(pick(selector, candidates, tried, key, 0)!), "all were tried: any may be again");
    }),
  );
});

test("the least loaded takes the retry when the selector insists", () => {
  const candidates = candidatesOf(1, 1, 1);
  candidates[1]!.inFlight = 9;
  candidates[2]!.inFlight = 4;
  const select = createSelector({ algorithm: "least-connections" }, seeded());
  assert.equal(pick(select, candidates, [candidates[0]!], 0, 0), candidates[2]);
});

test("there is nobody to pick when there is nobody", () => {
  assert.equal(pick(createSelector({ algorithm: "round-robin" }), [], candidatesOf(1), 0, 0), undefined);
});
