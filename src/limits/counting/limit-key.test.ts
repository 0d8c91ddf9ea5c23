import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { GivenCaller } from "../callers/given-caller.ts";
import { compileCallerKey } from "../callers/key-sources.ts";
import { keyText, limitOf, parseKey, scopeOf } from "./limit-key.ts";

/** The key of a caller who is counted by what he sends. */
function limitKey(scope: string, values: readonly string[]): string {
  const keyOf = compileCallerKey(values.map((_, i) => ({ source: "header", name: `x-${i}` })));
  const headers = Object.fromEntries(values.map((value, i) => [`x-${i}`, value]));
  return keyText({ scope, caller: keyOf(new GivenCaller({ headers }))! });
}

test("a key can be read", () => {
  assert.equal(limitKey(scopeOf("anonymous"), ["203.0.113.7"]), "anonymous|203.0.113.7");
  assert.equal(limitKey(scopeOf("api", "gold"), ["key-1", "/search/*"]), "api/gold|key-1|/search/*");
  assert.equal(limitKey(scopeOf("all"), []), "all|");
});

test("no two callers share a key, whatever they send", () => {
  const text = fc.oneof(
    fc.string(),
    fc.stringMatching(/^[a|%/7C25#]{0,6}$/),
    fc.string({ minLength: 95, maxLength: 300 }),
  );
  const caller = fc.record({
    limit: text,
    tier: fc.option(text, { nil: undefined }),
    values: fc.array(text, { minLength: 2, maxLength: 2 }),
  });
  const keyOf = ({ limit, tier, values }: { limit: string; tier: string | undefined; values: string[] }): string =>
    limitKey(scopeOf(limit, tier), values);
  fc.assert(
    fc.property(caller, caller, (a, b) => {
      assert.equal(keyOf(a) === keyOf(b), JSON.stringify(a) === JSON.stringify(b));
    }),
    { numRuns: 2_000 },
  );
});

test("a key says which limit it is of, whatever the tier and the values", () => {
  assert.equal(limitOf(parseKey(limitKey(scopeOf("api"), ["a/b|c"])).scope), "api");
  assert.equal(limitOf(parseKey(limitKey(scopeOf("api", "gold"), ["a/b"])).scope), "api");
  assert.equal(limitOf(parseKey("no limit").scope), "");
});

test("a long value takes no more room than a short one", () => {
  const key = limitKey("a", ["x".repeat(10_000)]);
  assert.ok(key.length < 60);
  assert.notEqual(key, limitKey("a", [`${"x".repeat(9_999)}y`]));
});
