import assert from "node:assert/strict";
import { test } from "node:test";
import { quotaOf } from "../../test/support/limits/settings.ts";
import type { CountedLimit, Decision, DrawDecider } from "./decider.ts";
import { LimitCounter } from "./limit-counts.ts";
import { type Charge, rule } from "./limiter.ts";
import { policyOf } from "./ratelimit-fields.ts";

const counter = new LimitCounter();

function chargeOf(name: string, whenAway: CountedLimit["whenAway"] = "local"): Charge {
  const quota = quotaOf("10/minute");
  const limit = { name, mode: "exact", whenAway, counts: counter.of(name) } as const;
  return { scope: name, caller: "", quota, amount: 1, limit, policy: policyOf(name, quota) };
}

/** Has decided already. */
function deciding(decision: Decision | Promise<Decision>): DrawDecider {
  return {
    kind: "redis",
    decide: () => decision,
    share() {},
    figures: () => ({ isAway: false, calls: 0, failures: 0 }),
    keysOf: () => undefined,
    stop: () => Promise.resolve(),
  };
}

test("what is decided elsewhere is ruled on when it is known", async () => {
  const states = [{ remaining: 9, resetMs: 6_000, retryAfterMs: 0 }];
  const decision = Promise.resolve({ verdict: "admitted", states, isDecidedAway: false } as const);
  const ruling = await rule(deciding(decision), [chargeOf("later")]);
  assert.equal(ruling.verdict, "admitted");
  assert.equal(ruling.fields()[3], '"later";r=9;t=6');
  assert.equal(counter.of("later").admitted, 1);
});

test("who is refused comes back when the last of the limits has enough", async () => {
  const states = [12_000, 0, 30_000].map((retryAfterMs) => ({ remaining: 0, resetMs: 60_000, retryAfterMs }));
  const charges = ["a", "b", "c"].map((name) => chargeOf(name));
  const ruling = await rule(deciding({ verdict: "exceeded", states, isDecidedAway: false }), charges);
  assert.deepEqual([ruling.exceeded, ruling.retryAfterSeconds], [["a", "c"], 30]);
  assert.equal(ruling.fields()[3], '"a";r=0;t=12, "b";r=0;t=60, "c";r=0;t=30');
  assert.deepEqual(
    ["a", "b", "c"].map((name) => counter.of(name).refused),
    [1, 0, 1],
  );
});

test("while the store is away, nothing is said of what nobody knows, and who closes refuses", async () => {
  const states = [undefined, undefined];
  const charges = [chargeOf("opens", "open"), chargeOf("closes", "closed")];
  const ruling = await rule(deciding({ verdict: "away", states, isDecidedAway: true }), charges);
  assert.deepEqual(
    { ...ruling, fields: ruling.fields() },
    {
      verdict: "away",
      exceeded: [],
      retryAfterSeconds: 1,
      fields: ["RateLimit-Policy", '"opens";q=10;w=60, "closes";q=10;w=60'],
    },
  );
  assert.deepEqual(counter.of("closes"), { admitted: 0, refused: 1, decidedAway: 1 });
  assert.deepEqual(counter.of("opens"), { admitted: 0, refused: 0, decidedAway: 1 });
});
