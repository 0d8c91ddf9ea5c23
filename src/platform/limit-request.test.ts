import assert from "node:assert/strict";
import { test } from "node:test";
import { someLimits } from "../../test/support/some-limits.ts";
import { type AdjustmentRequest, toAdjustment, toSelection } from "./limit-request.ts";

const now = Date.UTC(2026, 10, 27);
const of = (request: AdjustmentRequest) => toAdjustment(request, someLimits(), now);
const refusal = (code: string, fix: RegExp) => ({ code, fix });

test("a limit, its tier, or a tier that only one limit has is meant", () => {
  const target = (limit: string) => {
    const { limit: name, tier } = of({ limit, rate: "9/second" });
    return [name, tier];
  };
  assert.deepEqual(target("all"), ["all", undefined]);
  assert.deepEqual(target("all/partner"), ["all", "partner"]);
  assert.deepEqual(target("staff"), ["all", "staff"]);
  assert.throws(() => target("partner"), {
    code: "LIMIT_CHANGE_AMBIGUOUS",
    message: /all\/partner, login\/partner/,
    fix: /all\/partner/,
  });
  assert.throws(() => target("logn"), refusal("LIMIT_CHANGE_UNKNOWN", /did you mean login\?/));
  assert.throws(() => target("staf"), refusal("LIMIT_CHANGE_UNKNOWN", /did you mean staff\?/));
  assert.throws(() => target("all/prtner"), refusal("LIMIT_CHANGE_UNKNOWN", /did you mean all\/partner\?/));
  assert.throws(
    () => target("zzzzzz"),
    refusal("LIMIT_CHANGE_UNKNOWN", /choose one of all, all\/partner, all\/staff, even/),
  );
  assert.throws(
    () => toAdjustment({ limit: "x", rate: "1/second" }, [], now),
    refusal("LIMIT_CHANGE_UNKNOWN", /has none/),
  );
});

test("it holds at once until it is taken back, or from and until a time", () => {
  const times = (request: Partial<AdjustmentRequest>) => {
    const { from, until } = of({ limit: "all", rate: "9/second", ...request });
    return [from, until];
  };
  const hour = 3_600_000;
  assert.deepEqual(times({}), [undefined, undefined]);
  assert.deepEqual(times({ for: "2h" }), [undefined, now + 2 * hour]);
  assert.deepEqual(times({ from: "2026-11-27T05:00:00Z", for: "2h" }), [now + 5 * hour, now + 7 * hour]);
  assert.deepEqual(times({ until: "2026-11-27T05:00+01:00" }), [undefined, now + 4 * hour]);
  const wrong: readonly [Partial<AdjustmentRequest>, RegExp][] = [
    [{ for: "2 hours" }, /a duration such as/],
    [{ for: "9000d" }, /at most "366d"/],
    [{ for: "2h", until: "2026-11-27T05:00Z" }, /one of/],
    [{ until: "2026-11-26T05:00Z" }, /later/],
    [{ from: "2026-11-25T05:00Z", until: "2026-11-26T05:00Z" }, /later/],
    [{ from: "2026-11-25T05:00Z", for: "2h" }, /later/],
    [{ from: "2026-11-28T05:00Z", until: "2026-11-27T05:00Z" }, /later/],
    [{ until: "2026-11-27T05:00" }, /"2026-11-27T05:00Z" or "2026-11-27T05:00\+01:00"/],
    [{ from: "tomorrow" }, /such as "2026-11-27T18:00:00Z"/],
    [{ event: "a b" }, /letters, digits and dashes/],
  ];
  for (const [request, fix] of wrong) assert.throws(() => times(request), refusal("LIMIT_CHANGE_INVALID", fix));
});

test("a rate must be one of its limit's kind, and large enough for what its requests count for", () => {
  const rate = (limit: string, text: string) => of({ limit, rate: text }).rate;
  assert.equal(rate("even", "2/second burst 5"), "2/second burst 5");
  assert.equal(rate("all", "unlimited"), "unlimited");
  assert.throws(() => rate("all", "500 per minute"), refusal("LIMIT_CHANGE_INVALID", /"500\/minute"/));
  assert.throws(() => rate("all", "5/second burst 9"), refusal("LIMIT_CHANGE_INVALID", /write "5\/second"/));
  assert.throws(() => rate("even", "5/second burst 2"), refusal("LIMIT_CHANGE_INVALID", /let 3 be had at once/));
  assert.throws(() => rate("all", "many"), refusal("LIMIT_CHANGE_INVALID", /or unlimited/));
});

test("what was set is taken back by limit, by event, or all of it", () => {
  const kept = [
    { limit: "all", rate: "1/second" },
    { limit: "all", tier: "partner", rate: "2/second", event: "sale" },
    { limit: "login", rate: "3/second", event: "sale" },
  ];
  const rates = (request: Parameters<typeof toSelection>[0]): string[] =>
    kept.filter(toSelection(request, someLimits())).map(({ rate }) => rate);
  assert.deepEqual(rates({ limit: "all" }), ["1/second"]);
  assert.deepEqual(rates({ limit: "all/partner" }), ["2/second"]);
  assert.deepEqual(rates({ event: "sale" }), ["2/second", "3/second"]);
  assert.deepEqual(rates({ event: "other" }), []);
  assert.deepEqual(rates({ all: true }), ["1/second", "2/second", "3/second"]);
  assert.throws(() => rates({}), refusal("LIMIT_CHANGE_INVALID", /reset --help/));
  assert.throws(() => rates({ limit: "all", all: true }), refusal("LIMIT_CHANGE_INVALID", /reset --help/));
  assert.throws(() => rates({ limit: "al" }), refusal("LIMIT_CHANGE_UNKNOWN", /did you mean all\?/));
});
