import assert from "node:assert/strict";
import { test } from "node:test";
import { readAnswerPolicy } from "./answer-policy.ts";
import { readRequestDirectives } from "./request-directives.ts";
import { decideReuse, mayStandIn, type Reuse } from "./reuse.ts";

/** The answer's directives, how old it is in seconds, the request's directives. */
type Case = readonly [answer: string, ageSeconds: number, asked?: string];

function policyOf(control: string): { policy: ReturnType<typeof readAnswerPolicy>; lifetimeMs: number } {
  const policy = readAnswerPolicy(["Cache-Control", control], Date.now());
  return { policy, lifetimeMs: policy.lifetimeMs ?? 0 };
}

function reuse([control, ageSeconds, asked]: Case): Reuse {
  const { policy, lifetimeMs } = policyOf(control);
  const directives = readRequestDirectives(asked === undefined ? [] : ["Cache-Control", asked]);
  return decideReuse({ lifetimeMs, ageMs: ageSeconds * 1_000 }, policy, directives);
}

const cases: readonly (readonly [Reuse, Case])[] = [
  ["fresh", ["max-age=10", 0]],
  ["fresh", ["max-age=10", 9.999]],
  ["validate", ["max-age=10", 10]],
  ["validate", ["max-age=10", 11]],
  ["validate", ["max-age=10, no-cache", 0]],
  ["fresh", ['max-age=10, no-cache="x"', 0]],
  ["fresh", ["max-age=10, must-revalidate", 9]],
  ["revalidate-behind", ["max-age=10, stale-while-revalidate=5", 10]],
  ["revalidate-behind", ["max-age=10, stale-while-revalidate=5", 14.9]],
  ["validate", ["max-age=10, stale-while-revalidate=5", 15]],
  ["validate", ["max-age=10, stale-while-revalidate=5, must-revalidate", 11]],
  ["validate", ["max-age=10, stale-while-revalidate=5, proxy-revalidate", 11]],
  ["revalidate-behind", ["s-maxage=10, stale-while-revalidate=5", 11]],
  ["validate", ["max-age=10, stale-if-error=5", 11]],
  // The request's wishes.
  ["validate", ["max-age=10", 1, "no-cache"]],
  ["validate", ["max-age=10", 5, "max-age=4"]],
  ["fresh", ["max-age=10", 5, "max-age=5"]],
  ["validate", ["max-age=10", 5, "min-fresh=6"]],
  ["fresh", ["max-age=10", 5, "min-fresh=5"]],
  ["stale", ["max-age=10", 12, "max-stale=3"]],
  ["validate", ["max-age=10", 14, "max-stale=3"]],
  ["stale", ["max-age=10", 1_000, "max-stale"]],
  ["validate", ["max-age=10, must-revalidate", 12, "max-stale"]],
  ["validate", ["max-age=10, proxy-revalidate", 12, "max-stale"]],
  ["validate", ["s-maxage=10", 12, "max-stale"]],
  ["validate", ["max-age=10, stale-while-revalidate=5", 12, "max-age=11"]],
  ["validate", ["max-age=10, stale-while-revalidate=5", 12, "min-fresh=1"]],
  ["fresh", ["max-age=10", 5, "max-age=abc, min-fresh=x"]],
];

for (const [expected, each] of cases) {
  const [control, ageSeconds, asked] = each;
  test(`${control}, ${ageSeconds} s old${asked === undefined ? "" : `, asked with ${asked}`}: ${expected}`, () => {
    assert.equal(reuse(each), expected);
  });
}

test("Pragma counts where Cache-Control does not stand", () => {
  assert.ok(readRequestDirectives(["Pragma", "no-cache"]).isNoCache);
  assert.ok(!readRequestDirectives(["Pragma", "no-cache", "Cache-Control", "max-age=5"]).isNoCache);
  assert.ok(!readRequestDirectives(["Pragma", "x-no-cache"]).isNoCache);
});

test("a field beyond all measure asks for nothing", () => {
  assert.ok(!readRequestDirectives(["Cache-Control", `no-cache,${"x".repeat(2_000)}`]).isNoCache);
});

const standIns: readonly (readonly [may: boolean, control: string, ageSeconds: number])[] = [
  [true, "max-age=10, stale-if-error=5", 14],
  [false, "max-age=10, stale-if-error=5", 15],
  [true, "max-age=10, stale-while-revalidate=5", 14],
  [false, "max-age=10", 11],
  [false, "max-age=10, stale-if-error=5, must-revalidate", 11],
  [false, "max-age=10, stale-if-error=5, proxy-revalidate", 11],
  [true, "s-maxage=10, stale-if-error=5", 11],
  [false, "s-maxage=10", 11],
  [false, "max-age=10, stale-if-error=5, no-cache", 11],
];

for (const [may, control, ageSeconds] of standIns) {
  test(`when its origin fails, ${control}, ${ageSeconds} s old, ${may ? "stands in" : "does not"}`, () => {
    const { policy, lifetimeMs } = policyOf(control);
    assert.equal(mayStandIn({ lifetimeMs, ageMs: ageSeconds * 1_000 }, policy), may);
  });
}
