import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseList } from "structured-headers";
import { quotaOf } from "../../test/support/limits/settings.ts";
import { policyOf, rateLimitFields, retryAfterSeconds, structuredString } from "./ratelimit-fields.ts";

const policies = [
  { policy: policyOf("anonymous", quotaOf("100/minute")) },
  { policy: policyOf("burst", quotaOf("20/second burst 40")) },
];

test("answers say what the limits are, and what is left of them", () => {
  const states = [
    { remaining: 50, resetMs: 29_001, retryAfterMs: 0 },
    { remaining: 0, resetMs: 2_000, retryAfterMs: 49.5 },
  ];
  assert.deepEqual(rateLimitFields(policies, states), [
    "RateLimit-Policy",
    '"anonymous";q=100;w=60, "burst";q=20;w=1',
    "RateLimit",
    '"anonymous";r=50;t=30, "burst";r=0;t=1',
  ]);
});

test("what is not known is not said", () => {
  const known = { remaining: 1, resetMs: 0, retryAfterMs: 0 };
  assert.deepEqual(rateLimitFields(policies, [undefined, known]).slice(2), ["RateLimit", '"burst";r=1;t=0']);
  assert.equal(rateLimitFields(policies, [undefined, undefined]).length, 2);
});

test("nobody is told to come back sooner than in a second, nor never", () => {
  const { policy } = policies[0]!;
  const after = (retryAfterMs: number): number => retryAfterSeconds({ remaining: 0, resetMs: 0, retryAfterMs }, policy);
  assert.deepEqual([0.2, 999, 1_000, 1_000.000_000_1, 1_001, Infinity].map(after), [1, 1, 1, 1, 2, 60]);
});

test("names are strings of structured fields, whatever is in them", () => {
  assert.equal(structuredString('a"b\\c'), '"a\\"b\\\\c"');
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), (name) => {
      const [item] = parseList(structuredString(name));
      assert.equal(item![0], /^[ -~]*$/.test(name) ? name : encodeURIComponent(name.toWellFormed()));
    }),
  );
});
