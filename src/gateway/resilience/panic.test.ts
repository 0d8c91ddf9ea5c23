import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { createOutlierRecord, type Standing } from "./outlier-ejection.ts";
import { eligible } from "./panic.ts";

interface Upstream extends Standing {
  readonly id: string;
}

/** One letter each: `h`ealthy, `u`nhealthy, `e`jected until 1000, `d`raining. */
const fleetOf = (states: string): Upstream[] =>
  Array.from(states, (state, i) => ({
    id: `${state}${i}`,
    draining: state === "d",
    healthy: state !== "u",
    outlier: { ...createOutlierRecord(), ejectedUntil: state === "e" ? 1_000 : 0 },
  }));

const idsOf = (states: string, now = 0): string =>
  eligible(fleetOf(states), now)
    .upstreams.map(({ id }) => id)
    .join(" ");

test("those in rotation are used, unless they are fewer than half: then all are, but for those that drain", () => {
  const table: [string, string, boolean][] = [
    ["", "", false],
    ["h", "h0", false],
    ["hhh", "h0 h1 h2", false],
    ["hu", "h0", false],
    ["he", "h0", false],
    ["hhuu", "h0 h1", false],
    ["huu", "h0 u1 u2", true],
    ["hue", "h0 u1 e2", true],
    ["u", "u0", true],
    ["uu", "u0 u1", true],
    ["dd", "", false],
    ["hd", "h0", false],
    ["hddd", "h0", false],
    ["ud", "u0", true],
    ["huud", "h0 u1 u2", true],
  ];
  for (const [states, ids, isPanicking] of table) {
    assert.equal(idsOf(states), ids, states);
    assert.equal(eligible(fleetOf(states), 0).isPanicking, isPanicking, states);
  }
});

test("it holds until the next ejection ends", () => {
  const fleet = fleetOf("hhhee");
  fleet[4]!.outlier.ejectedUntil = 700;
  assert.equal(eligible(fleet, 0).validUntil, 700);
  assert.equal(eligible(fleet, 700).validUntil, 1_000);
  assert.equal(eligible(fleet, 1_000).validUntil, Infinity);
  assert.equal(eligible(fleet, 1_000).upstreams.length, 5);
});

test("nobody who drains is used, and someone is used when anyone does not drain", () => {
  const state = fc.constantFrom("h", "u", "e", "d");
  fc.assert(
    fc.property(fc.array(state, { maxLength: 20 }), fc.nat(2_000), (states, now) => {
      const fleet = fleetOf(states.join(""));
      const { upstreams } = eligible(fleet, now);
      assert.ok(upstreams.every(({ draining }) => !draining));
      assert.equal(
        upstreams.length > 0,
        fleet.some(({ draining }) => !draining),
      );
    }),
  );
});
