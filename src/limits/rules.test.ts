import assert from "node:assert/strict";
import { test } from "node:test";
import { limitOf, quotaOf, requestOf, type RequestParts, settingsOf } from "../../test/support/limits/settings.ts";
import type { ResolvedLimit } from "../config/index.ts";
import { type Claims, noClaims, RequestCaller } from "./callers/caller.ts";
import { LimitCounter } from "./limit-counts.ts";
import { keyText } from "./counting/limit-key.ts";
import type { RequestLimitSettings } from "./request-limits.ts";
import { compileRules } from "./rules.ts";

interface Asked extends RequestParts {
  readonly service?: string;
  readonly route?: string;
  readonly claims?: Claims;
  readonly now?: number;
}

/** What a request is charged: `"<key> <amount> <count>"` of each limit. */
function charging(limits: readonly ResolvedLimit[], more: Partial<RequestLimitSettings> = {}) {
  const rulesOf = compileRules(settingsOf(limits, more), new LimitCounter());
  return ({ service = "api", route = "/*", claims = noClaims, now = 0, ...parts }: Asked = {}): string[] => {
    const rules = rulesOf(service);
    if (rules === undefined) return [];
    const request = requestOf(parts);
    const charges = rules.charges(request, new RequestCaller(request, { service, route }, claims), now);
    return charges.map((charge) => `${keyText(charge)} ${charge.amount} ${charge.quota.count}`);
  };
}

test("a limit counts callers by what it is per", () => {
  const charge = charging([
    limitOf("all", "1000/second"),
    limitOf("ip", "100/minute per ip"),
    limitOf("key", "50/minute per header:x-api-key"),
    limitOf("user", "20/minute per claim:tenant and claim:sub"),
    limitOf("place", "10/minute per cookie:session and service and route"),
  ]);
  assert.deepEqual(charge(), ["all| 1 1000", "ip|203.0.113.7 1 100"]);
  assert.deepEqual(
    charge({
      address: "2001:db8::1",
      headers: { "x-api-key": "k|1", cookie: "a=b; session=s" },
      claims: { tenant: "acme", sub: 5 },
      route: "/search/*",
    }),
    [
      "all| 1 1000",
      "ip|2001:db8:0:0::/64 1 100",
      "key|k%7C1 1 50",
      "user|acme|%=5 1 20",
      "place|s|api|api|/search/* 1 10",
    ],
  );
});

test("who does not have all that a limit is counted by is not counted", () => {
  const charge = charging([limitOf("user", "20/minute per claim:tenant and claim:sub")]);
  assert.deepEqual(charge({ claims: { tenant: "acme" } }), []);
  assert.deepEqual(charge({ claims: { tenant: "acme", sub: null } }), []);
  assert.deepEqual(charging([limitOf("proto", "1/minute per claim:constructor")])(), []);
});

test("a number and its text are two callers", () => {
  const charge = charging([limitOf("user", "20/minute per claim:sub")]);
  assert.notDeepEqual(charge({ claims: { sub: 5 } }), charge({ claims: { sub: "5" } }));
  assert.notDeepEqual(charge({ claims: { sub: 5 } }), charge({ claims: { sub: "%=5" } }));
  assert.notDeepEqual(charge({ claims: { sub: ["a"] } }), charge({ claims: { sub: '["a"]' } }));
});

test("a limit of a service concerns its requests alone, and one of the gateway those of all", () => {
  const charge = charging([limitOf("every", "9/second"), limitOf("own", "5/second", { service: "api" })]);
  assert.deepEqual(charge({ service: "api" }), ["every| 1 9", "own| 1 5"]);
  assert.deepEqual(charge({ service: "web" }), ["every| 1 9"]);
  assert.deepEqual(charging([limitOf("own", "5/second", { service: "api" })])({ service: "web" }), []);
});

test("a limit concerns what one of its routes takes", () => {
  const charge = charging([
    limitOf("some", "9/second", {
      routes: [
        { path: { kind: "prefix", value: "/api" }, methods: ["POST"] },
        { path: { kind: "exact", value: "/login" }, host: "*.example.com" },
        { headers: { "x-beta": true }, cookies: { plan: "pro" } },
      ],
    }),
  ]);
  const isCharged = (asked: Asked): boolean => charge(asked).length > 0;
  assert.ok(isCharged({ path: "/api/users", method: "POST" }));
  assert.ok(isCharged({ path: "/api", method: "POST" }));
  assert.ok(!isCharged({ path: "/apis", method: "POST" }));
  assert.ok(!isCharged({ path: "/api", method: "GET" }));
  assert.ok(isCharged({ path: "/login", host: "a.b.example.com" }));
  assert.ok(!isCharged({ path: "/login", host: "example.com" }));
  assert.ok(!isCharged({ path: "/login/x", host: "a.example.com" }));
  // To many apps these are the same.
  for (const path of ["/login/", "/Login", "/LOGIN/"]) assert.ok(isCharged({ path, host: "a.example.com" }), path);
  for (const path of ["/API/users", "/Api", "/api/"]) assert.ok(isCharged({ path, method: "POST" }), path);
  assert.ok(isCharged({ headers: { "x-beta": "", cookie: "plan=pro" } }));
  assert.ok(!isCharged({ headers: { "x-beta": "1", cookie: "plan=free" } }));
});

test("a request counts for the weight of the first route that takes it", () => {
  const charge = charging([
    limitOf("weighted", "9/second", {
      weight: 2,
      weights: [
        { route: { path: { kind: "prefix", value: "/search" } }, weight: 5 },
        { route: { path: { kind: "exact", value: "/free" } }, weight: 0 },
      ],
    }),
  ]);
  assert.deepEqual(charge({ path: "/search/a" }), ["weighted| 5 9"]);
  assert.deepEqual(charge({ path: "/Search/a" }), ["weighted| 5 9"]);
  assert.deepEqual(charge({ path: "/" }), ["weighted| 2 9"]);
  assert.deepEqual(charge({ path: "/free" }), []);
});

const tier = (name: string, more: object) => ({ name, ips: [], headers: {}, claims: {}, ...more });

test("callers of a tier have its quota, counted by itself; the first tier that fits is theirs", () => {
  const charge = charging(
    [
      limitOf("api", "10/minute per ip", { tiers: { gold: quotaOf("100/minute"), staff: "unlimited" } }),
      limitOf("other", "7/minute"),
    ],
    {
      tiers: [
        tier("staff", { ips: ["10.0.0.0/8", "2001:db8::/32"] }),
        tier("gold", { headers: { "x-key": ["s3cret", "t0p"] } }),
        tier("silver", { claims: { role: ["silver"] } }),
      ],
    },
  );
  assert.deepEqual(charge(), ["api|203.0.113.7 1 10", "other| 1 7"]);
  assert.deepEqual(charge({ headers: { "x-key": "t0p" } }), ["api/gold|203.0.113.7 1 100", "other| 1 7"]);
  assert.deepEqual(charge({ headers: { "x-key": "t0" } }), ["api|203.0.113.7 1 10", "other| 1 7"]);
  assert.deepEqual(charge({ address: "10.1.2.3", headers: { "x-key": "t0p" } }), ["other| 1 7"]);
  assert.deepEqual(charge({ address: "2001:db8::9" }), ["other| 1 7"]);
  assert.deepEqual(charge({ claims: { role: "silver" } }), ["api|203.0.113.7 1 10", "other| 1 7"]);
});

test("all that a tier asks for must hold; of a list, one", () => {
  const charge = charging([limitOf("api", "10/minute", { tiers: { staff: quotaOf("99/minute") } })], {
    tiers: [tier("staff", { ips: ["203.0.113.0/24"], claims: { role: ["admin", "ops"], org: ["7"] } })],
  });
  const isStaff = (asked: Asked): boolean => charge(asked)[0] === "api/staff| 1 99";
  assert.ok(isStaff({ claims: { role: ["user", "ops"], org: 7 } }));
  assert.ok(!isStaff({ claims: { role: ["user", "ops"] } }));
  assert.ok(!isStaff({ claims: { role: "admin", org: "7" }, address: "198.51.100.1" }));
  assert.ok(!isStaff({ claims: { role: { admin: true }, org: "7" } }));
});

test("of the adjustments that hold, the last counts, under the same keys", () => {
  const charge = charging([limitOf("api", "10/minute", { tiers: { gold: quotaOf("100/minute") } })], {
    tiers: [tier("gold", { headers: { "x-key": ["g"] } })],
    adjustments: [
      { limit: "api", quota: quotaOf("20/minute"), from: 1_000, until: 5_000 },
      { limit: "api", quota: quotaOf("30/minute"), from: 2_000, until: 3_000 },
      { limit: "api", tier: "gold", quota: "unlimited", until: 2_000 },
      { limit: "other", quota: "unlimited" },
    ],
  });
  const own = (now: number): string | undefined => charge({ now })[0];
  // The wall clock may go back.
  for (const [now, count] of [
    [0, 10],
    [1_000, 20],
    [2_000, 30],
    [2_999, 30],
    [3_000, 20],
    [5_000, 10],
    [1_500, 20],
    [500, 10],
  ]) {
    assert.equal(own(now!), `api| 1 ${count}`, `at ${now}`);
  }
  assert.deepEqual(charge({ now: 0, headers: { "x-key": "g" } }), []);
  assert.deepEqual(charge({ now: 2_500, headers: { "x-key": "g" } }), ["api/gold| 1 100"]);
});

test("tokens are read only for requests that a limit on claims concerns", () => {
  const routes = [{ path: { kind: "prefix", value: "/private" } as const }];
  const rulesOf = compileRules(settingsOf([limitOf("user", "5/second per claim:sub", { routes })]), new LimitCounter());
  assert.equal(rulesOf("api")!.needsClaims(requestOf({ path: "/private/a" })), true);
  assert.equal(rulesOf("api")!.needsClaims(requestOf({ path: "/public" })), false);
});
