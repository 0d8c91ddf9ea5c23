import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { assertShares, candidatesOf, seeded, selectorContract, tally } from "./contract.ts";
import { roundRobin } from "./round-robin.ts";

suite("round robin", () => {
  selectorContract(roundRobin);

  test("everyone has a turn before anyone has a second", () => {
    const candidates = candidatesOf(1, 9, 1);
    const select = roundRobin(() => 0);
    const ids = Array.from({ length: 7 }, () => select(candidates, 0, 0)?.id);
    assert.equal(ids.join(" "), "a b c a b c a");
  });

  test("gateways begin at different upstreams", () => {
    const candidates = candidatesOf(1, 1, 1, 1);
    const firsts = new Set(Array.from({ length: 20 }, (_, i) => roundRobin(seeded(i))(candidates, 0, 0)?.id));
    assert.equal(firsts.size, 4);
  });

  test("goes on where it was when one leaves", () => {
    const [a, b, c, d] = candidatesOf(1, 1, 1, 1);
    const select = roundRobin(() => 0);
    const all = [a!, b!, c!, d!];
    assert.equal(select(all, 0, 0), a);
    assert.equal(select(all, 0, 0), b);
    assert.equal(select([a!, b!, c!], 0, 0), c);
    assert.equal(select([a!, b!], 0, 0), a);
  });

  test("a cold upstream has its share only", () => {
    const candidates = candidatesOf(1, 1, 1);
    candidates[1]!.warmth = 0.1;
    const select = roundRobin(seeded());
    assertShares(
      tally(candidates, 21_000, () => select(candidates, 0, 0)),
      [1, 0.1, 1],
      0.1,
    );
  });
});
