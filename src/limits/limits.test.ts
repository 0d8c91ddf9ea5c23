import assert from "node:assert/strict";
import { test } from "node:test";
import { TestRedis, withoutRedis } from "../../test/support/redis.ts";
import { poll, TenfoldError } from "../kernel/index.ts";
import { createLimits, type LimitRuling } from "./limits.ts";

const ip = "203.0.113.7";

test("limits are decided by name", async () => {
  await using limits = createLimits({ limits: { login: "2/minute per ip" } });
  const first = await limits.decide("login", { ip });
  assert.deepEqual(
    { ...first, headers: first.headers() },
    {
      isAdmitted: true,
      isAway: false,
      exceeded: [],
      retryAfterSeconds: 0,
      headers: { "RateLimit-Policy": '"login";q=2;w=60', RateLimit: '"login";r=1;t=60' },
    },
  );
  await limits.decide("login", { ip });
  const refused = await limits.decide("login", { ip });
  assert.deepEqual([refused.isAdmitted, refused.exceeded, refused.retryAfterSeconds], [false, ["login"], 60]);
  assert.equal(refused.headers()["Retry-After"], "60");
  assert.equal((await limits.decide("login", { ip: "203.0.113.8" })).isAdmitted, true);
});

test("several limits are one decision, and each is asked once", () => {
  const limits = createLimits({ limits: { user: "9/minute per claim:sub", all: { rate: "3/minute" } } });
  const admitted = (sub: string): boolean =>
    (limits.decide(["user", "all", "user"], { claims: { sub } }) as LimitRuling).isAdmitted;
  assert.deepEqual(["a", "b", "c", "d"].map(admitted), [true, true, true, false]);
  const left = limits.decide("user", { claims: { sub: "d" } }) as LimitRuling;
  assert.equal(left.headers()["RateLimit"], '"user";r=8;t=60');
});

test("a decision counts for its weight", () => {
  const limits = createLimits({ limits: { points: "10/minute" } });
  const decide = (weight: number): LimitRuling => limits.decide("points", {}, { weight }) as LimitRuling;
  assert.equal(decide(7).isAdmitted, true);
  assert.equal(decide(4).isAdmitted, false);
  assert.equal(decide(3).isAdmitted, true);
  assert.equal(decide(11).retryAfterSeconds, 60);
  for (const weight of [0, -1, 1.5, NaN]) assert.throws(() => decide(weight), isError("LIMITS_WEIGHT"));
});

test("callers are told apart by headers, cookies and several at once", () => {
  const limits = createLimits({
    limits: { a: { rate: "1/minute", per: ["header:X-Key", "cookie:s"] }, b: "1/minute per route and ip" },
  });
  const headers = { "x-key": ["k", "l"], cookie: "s=1" };
  const isAdmitted = (caller: object): boolean => (limits.decide("a", caller) as LimitRuling).isAdmitted;
  assert.deepEqual([isAdmitted({ headers }), isAdmitted({ headers })], [true, false]);
  assert.equal(isAdmitted({ headers, cookies: { s: "2" } }), true);
  assert.equal(isAdmitted({ headers: { "x-key": "k, l" }, cookies: { s: "1" } }), false);
  assert.equal((limits.decide("b", { ip, route: "/x" }) as LimitRuling).isAdmitted, true);
  assert.equal((limits.decide("b", { ip, route: "/y" }) as LimitRuling).isAdmitted, true);
  assert.equal((limits.decide("b", { ip, route: "/x" }) as LimitRuling).isAdmitted, false);
});

test("who has no such header is not counted, but an address is never missing by intent", () => {
  const limits = createLimits({ limits: { key: "1/minute per header:x-key", login: "1/minute per ip" } });
  for (let i = 0; i < 3; i++) assert.deepEqual((limits.decide("key", { ip }) as LimitRuling).headers(), {});
  assert.throws(() => limits.decide("login", {}), isError("LIMITS_CALLER_INCOMPLETE"));
  assert.throws(() => limits.decide("login", { ip: undefined }), isError("LIMITS_CALLER_INCOMPLETE"));
});

test("processes that name one Redis share what it counts", { skip: withoutRedis }, async (t) => {
  const { url } = await TestRedis.start(t);
  const terms = { mode: "exact", whenAway: "closed" } as const;
  const limits = { job: { rate: "10/hour", ...terms }, first: { rate: "1000000/hour", ...terms } };
  await using one = createLimits({ limits, store: url });
  await using other = createLimits({ limits, store: url });
  for (const each of [one, other]) {
    const reach = async (): Promise<true | undefined> => ((await each.decide("first")).isAway ? undefined : true);
    await poll(reach, { everyMs: 5, deadlineMs: 10_000, onTimeout: () => new Error("Redis is not reached") });
  }
  let admitted = 0;
  for (let i = 0; i < 20; i++) if ((await (i % 2 === 0 ? one : other).decide("job")).isAdmitted) admitted++;
  assert.equal(admitted, 10);
});

test("limits that are not understood, or not there, are refused with the fix", () => {
  assert.throws(() => createLimits({ limits: { a: "100 per minute" } }), isError("LIMITS_INVALID", /100\/minute/));
  assert.throws(
    () => createLimits({ limits: { a: { rate: "1/second", per: "cookei:a" } } }),
    isError("LIMITS_INVALID"),
  );
  const limits = createLimits({ limits: { login: "1/second" } });
  assert.throws(() => limits.decide("logn" as "login"), isError("LIMITS_UNKNOWN", /login/));
});

test("what is misspelt is refused, rather than counted another way; what is undefined was not said", () => {
  const terms: object[] = [
    { whenAway: "close" },
    { mode: "Exact" },
    { maxKeys: 0 },
    { maxKeys: NaN },
    { per: 5 },
    { rate: 5 },
  ];
  for (const each of [...terms.map((term) => ({ rate: "1/minute", ...term })), 5, null, {}]) {
    assert.throws(
      () => createLimits({ limits: { a: each as never } }),
      isError("LIMITS_INVALID"),
      JSON.stringify(each),
    );
  }
  const unsaid = { rate: "1/minute per ip", maxKeys: undefined, whenAway: undefined, mode: undefined } as object;
  const limits = createLimits({ limits: { a: unsaid as { rate: string } } });
  for (let i = 0; i < 9; i++) void limits.decide("a", { ip: `203.0.113.${i}` });
  assert.equal((limits.decide("a", { ip: "203.0.113.8" }) as LimitRuling).isAdmitted, false);
});

test("what is misspelt, or not said, does not open a limit while the store is away", async () => {
  const unsaid = { rate: "1/minute", whenAway: undefined } as object as { rate: string };
  await using limits = createLimits({ limits: { a: unsaid }, store: "unix:///nobody/is/here" });
  assert.equal((await limits.decide("a")).isAdmitted, true);
  assert.equal((await limits.decide("a")).isAdmitted, false);
});

function isError(code: string, fix = /./) {
  return (error: unknown): boolean => error instanceof TenfoldError && error.code === code && fix.test(error.fix ?? "");
}
