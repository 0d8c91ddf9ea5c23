import assert from "node:assert/strict";
import { test } from "node:test";
import { SignJWT } from "jose";
import { limitOf, quotaOf, requestOf, type RequestParts, settingsOf } from "../../test/support/limits/settings.ts";
import { ManualClock } from "../kernel/index.ts";
import type { Ruling } from "./limiter.ts";
import { MemoryDecider } from "./memory-decider.ts";
import { RequestLimits, type RequestLimitSettings } from "./request-limits.ts";
import { MemoryStore } from "./stores/memory.ts";

const place = { service: "api", route: "/*" };

function limitsOf(settings: RequestLimitSettings) {
  const clock = new ManualClock(1_000_000);
  let opened = 0;
  const limits = new RequestLimits((_, maxKeysOf) => {
    opened++;
    return new MemoryDecider(new MemoryStore({ maxKeysOf }, clock));
  }, clock);
  limits.configure(settings, 1);
  const decide = (parts?: RequestParts): Ruling => limits.decide(requestOf(parts), place) as Ruling;
  const admitted = (times: number, parts?: RequestParts): number =>
    Array.from({ length: times }, () => decide(parts)).filter(({ verdict }) => verdict === "admitted").length;
  return { limits, clock, decide, admitted, opened: () => opened };
}

test("what no limit concerns is not ruled on", () => {
  assert.equal(new RequestLimits().decide(requestOf(), place), undefined);
  const { limits } = limitsOf(settingsOf([limitOf("other", "1/minute", { service: "web" })]));
  assert.equal(limits.decide(requestOf(), place), undefined);
  const uncounted = limitsOf(settingsOf([limitOf("key", "1/minute per header:x-api-key")]));
  assert.equal(uncounted.limits.decide(requestOf(), place), undefined);
});

test("a request is told what is left, and when to come back", () => {
  const { decide, clock } = limitsOf(settingsOf([limitOf("anonymous", "2/minute per ip"), limitOf("all", "9/second")]));
  const first = decide();
  assert.deepEqual(
    { ...first, fields: first.fields() },
    {
      verdict: "admitted",
      exceeded: [],
      retryAfterSeconds: 1,
      fields: [
        "RateLimit-Policy",
        '"anonymous";q=2;w=60, "all";q=9;w=1',
        "RateLimit",
        '"anonymous";r=1;t=60, "all";r=8;t=1',
      ],
    },
  );
  clock.advance(10_000);
  decide();
  const refused = decide();
  assert.equal(refused.verdict, "exceeded");
  assert.deepEqual(refused.exceeded, ["anonymous"]);
  assert.equal(refused.retryAfterSeconds, 50);
  assert.equal(refused.fields()[3], '"anonymous";r=0;t=50, "all";r=8;t=1');
  assert.equal(decide({ address: "203.0.113.8" }).verdict, "admitted");
});

test("what one limit refuses counts for none", () => {
  const { admitted, clock, limits } = limitsOf(
    settingsOf([limitOf("tenant", "10/minute per header:x-tenant"), limitOf("user", "2/second per header:x-user")]),
  );
  const of = (user: string): RequestParts => ({ headers: { "x-tenant": "acme", "x-user": user } });
  assert.equal(admitted(50, of("a")), 2);
  assert.equal(admitted(50, of("b")), 2);
  clock.advance(1_000);
  assert.equal(admitted(1, of("a")) + admitted(50, of("c")), 3);
  clock.advance(1_000);
  assert.equal(admitted(50, of("a")) + admitted(50, of("b")) + admitted(50, of("c")), 3);
  const { tenant, user } = limits.figures().limits;
  assert.deepEqual([tenant!.admitted, user!.admitted, tenant!.keys, user!.keys], [10, 10, 1, 3]);
  assert.ok(user!.refused > 0 && tenant!.refused > 0);
});

test("settings change while requests come, and what is counted is kept", () => {
  const anonymous = limitOf("anonymous", "5/minute per ip");
  const { limits, admitted, opened } = limitsOf(settingsOf([anonymous]));
  assert.equal(admitted(4), 4);
  limits.configure(settingsOf([limitOf("new", "9/second"), anonymous]), 2);
  assert.equal(admitted(9), 1);
  limits.configure(settingsOf([limitOf("anonymous", "8/minute per ip")]), 2);
  assert.equal(admitted(9), 3);
  limits.configure(settingsOf([limitOf("anonymous", "6/minute per ip")]), 2);
  assert.equal(admitted(9), 0);
  const raised = [{ limit: "anonymous", quota: quotaOf("10/minute") }];
  limits.configure(settingsOf([limitOf("anonymous", "6/minute per ip")], { adjustments: raised }), 2);
  assert.equal(admitted(9), 2);
  assert.equal(opened(), 1);
  assert.equal(limits.figures().limits["anonymous"]!.admitted, 10);
});

test("another store begins anew, and the old one is left", async () => {
  const { limits, admitted, opened } = limitsOf(settingsOf([limitOf("all", "5/minute")]));
  assert.equal(admitted(9), 5);
  limits.configure(settingsOf([limitOf("all", "5/minute")], { store: { kind: "platform", path: "/run/limits" } }), 1);
  assert.equal(opened(), 2);
  assert.equal(admitted(9), 5);
  await limits.stop();
  limits.configure(settingsOf([limitOf("all", "5/minute")]), 1);
  assert.equal(admitted(9), 5);
});

test("an event is over when its time is, without a word from anybody", () => {
  const adjustments = [{ limit: "all", quota: quotaOf("100/second"), from: 1_002_000, until: 1_004_000 }];
  const { admitted, clock } = limitsOf(settingsOf([limitOf("all", "10/second")], { adjustments }));
  assert.equal(admitted(200), 10);
  clock.advance(2_000);
  assert.equal(admitted(200), 100);
  clock.advance(2_000);
  assert.equal(admitted(200), 10);
});

test("a caller with a known token is ruled on at once", async () => {
  const secret = "a secret that is long enough for HS256";
  const { limits, clock } = limitsOf(
    settingsOf([limitOf("user", "2/minute per claim:sub")], {
      jwt: { key: { kind: "secret", secret }, from: { kind: "header", name: "authorization" } },
    }),
  );
  const token = await new SignJWT({ sub: "u1", exp: clock.now() / 1_000 + 60 })
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(secret));
  const asked = requestOf({ headers: { authorization: `Bearer ${token}` } });
  const first = limits.decide(asked, place);
  assert.ok(first instanceof Promise);
  assert.equal((await first).verdict, "admitted");
  assert.equal((limits.decide(asked, place) as Ruling).verdict, "admitted");
  assert.equal((limits.decide(asked, place) as Ruling).verdict, "exceeded");
  const forged = await limits.decide(requestOf({ headers: { authorization: `${token}x` } }), place)!;
  assert.equal(forged.verdict, "admitted");
  assert.deepEqual(forged.fields(), []);
});

test("a request that is stopped amid is let through, and stopping twice is fine", async () => {
  const { limits } = limitsOf(settingsOf([limitOf("all", "1/minute")]));
  await limits.stop();
  await limits.stop();
  assert.equal(limits.decide(requestOf(), place), undefined);
  assert.equal(limits.figures().isAway, false);
});

test("keys that clients make up stay within the limit's bound", () => {
  const { limits, decide } = limitsOf(settingsOf([limitOf("ip", "100/minute per ip", { maxKeys: 50 })]));
  for (let i = 0; i < 5_000; i++) decide({ address: `10.0.${i >> 8}.${i & 255}` });
  assert.equal(limits.figures().limits["ip"]!.keys, 50);
});
