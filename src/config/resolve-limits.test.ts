import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import type { LimitOptions } from "./limit-options.ts";
import type { Config, GatewayOptions, RouteOptions, ServiceOptions } from "./options.ts";
import type { ResolvedLimit } from "./resolved-limits.ts";
import type { ResolvedConfig } from "./resolved.ts";
import { validateConfig } from "./validate.ts";

function resolve(gateway: GatewayOptions, service: Partial<ServiceOptions> = {}): ResolvedConfig {
  const written = { services: { api: { urls: ["http://a:1"], ...service } }, gateway } as Config;
  const setting = { root: "/", mode: "test", projectName: "demo", environment: {}, database: undefined };
  const { problems, config } = validateConfig(written, setting) as { problems?: unknown; config: ResolvedConfig };
  assert.equal(problems, undefined, JSON.stringify(problems));
  return config;
}

const tiers = { partner: { ip: "10.0.0.0/8" }, staff: { header: { "X-Staff": ["a", "b"] } } };
const jwt = { secret: "not much of one" };

function limitOf(limit: string | LimitOptions): ResolvedLimit {
  return resolve({ tiers, jwt, limits: { all: limit } }).limits.limits[0]!;
}

const sliding = (count: number, windowMs: number) => ({ algorithm: "sliding-window", count, windowMs, burst: count });
const gcra = (count: number, windowMs: number, burst: number) => ({ algorithm: "gcra", count, windowMs, burst });

test("a limit in words has every default", () => {
  assert.deepEqual(limitOf("100/minute per ip"), {
    name: "all",
    routes: [],
    quota: sliding(100, 60_000),
    per: [{ source: "ip" }],
    weights: [],
    weight: 1,
    tiers: {},
    mode: "leased",
    whenAway: "local",
    maxKeys: 100_000,
  });
});

test("everything can be said of a limit", () => {
  const limit = limitOf({
    rate: "20/second",
    per: ["claim:tenant", "header:X-Api-Key", "header:x-api-key"],
    burst: 40,
    algorithm: "gcra",
    routes: ["/api/*", { path: "/x", method: "POST" }],
    weight: { "/api/*": 2, "/api/search/*": 5, "/api/search/all": 9, "shop.example/*": 3 },
    tiers: { partner: "100/second", staff: "unlimited" },
    mode: "exact",
    whenAway: "closed",
    maxKeys: 10,
  });
  assert.deepEqual(limit.quota, gcra(20, 1_000, 40));
  assert.deepEqual(limit.per, [
    { source: "claim", name: "tenant" },
    { source: "header", name: "x-api-key" },
  ]);
  assert.deepEqual(limit.routes, [
    { path: { kind: "prefix", value: "/api" } },
    { path: { kind: "exact", value: "/x" }, methods: ["POST"] },
  ]);
  assert.deepEqual(
    limit.weights.map(({ weight }) => weight),
    [3, 9, 5, 2],
    "the most specific route first, as everywhere",
  );
  assert.deepEqual([limit.mode, limit.whenAway, limit.maxKeys], ["exact", "closed", 10]);
});

test("a burst means gcra, and a rate that stands in its place keeps it in proportion, unless it says its own", () => {
  assert.deepEqual(limitOf({ rate: "60/minute", burst: 10 }).quota, gcra(60, 60_000, 10));
  assert.deepEqual(limitOf({ rate: "60/minute", algorithm: "gcra" }).quota, gcra(60, 60_000, 60));
  const limit = limitOf({ rate: "60/minute burst 10", tiers: { partner: "10/second", staff: "10/second burst 30" } });
  assert.deepEqual(limit.tiers, { partner: gcra(10, 1_000, 100), staff: gcra(10, 1_000, 30) });
  const other = limitOf({ rate: "60/minute", tiers: { partner: "10/second", staff: "unlimited" } });
  assert.deepEqual(other.tiers, { partner: sliding(10, 1_000), staff: "unlimited" });
});

test("limits of services concern their requests alone", () => {
  const { limits } = resolve({ limits: { all: "9/second" } }, { limits: { login: "5/minute per ip" } });
  assert.deepEqual(
    limits.limits.map(({ name, service }) => [name, service]),
    [
      ["all", undefined],
      ["login", "api"],
    ],
  );
});

test("tiers keep their order, and what they ask of a caller is lists", () => {
  assert.deepEqual(resolve({ tiers }).limits.tiers, [
    { name: "partner", ips: ["10.0.0.0/8"], headers: {}, claims: {} },
    { name: "staff", ips: [], headers: { "x-staff": ["a", "b"] }, claims: {} },
  ]);
});

test("events are adjustments, in their order", () => {
  const limits = { all: { rate: "60/minute", tiers: { partner: "9/second" } } };
  const sale = { from: "2026-11-27T00:00:00Z", until: "2026-11-28T01:00+01:00" };
  const { adjustments } = resolve({
    tiers,
    limits,
    events: { sale: { ...sale, limits: { all: "5/second", "all/partner": "unlimited" } } },
  }).limits;
  const times = { from: Date.UTC(2026, 10, 27), until: Date.UTC(2026, 10, 28), event: "sale" };
  assert.deepEqual(adjustments, [
    { limit: "all", quota: sliding(5, 1_000), ...times },
    { limit: "all", tier: "partner", quota: "unlimited", ...times },
  ]);
});

test("JWTs come in a header or a cookie, and their key is a secret, a public one, or fetched", () => {
  const of = (written: NonNullable<GatewayOptions["jwt"]>) => resolve({ jwt: written }).limits.jwt!;
  assert.deepEqual(of({ secret: "x" }), {
    key: { kind: "secret", secret: "x" },
    from: { kind: "header", name: "authorization" },
  });
  assert.deepEqual(of({ jwks: "https://i/jwks.json", cookie: "Session", audience: "a", algorithms: ["ES256"] }), {
    key: { kind: "jwks", url: "https://i/jwks.json" },
    audience: ["a"],
    algorithms: ["ES256"],
    from: { kind: "cookie", name: "Session" },
  });
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const spki = publicKey.export({ type: "spki", format: "pem" }) as string;
  for (const type of ["spki", "pkcs1"] as const) {
    const pem = publicKey.export({ type, format: "pem" }) as string;
    assert.deepEqual(of({ publicKey: pem }).key, { kind: "public", pem: spki }, type);
  }
});

test("overload is on unless it is switched off", () => {
  const of = (service: Partial<ServiceOptions>) => resolve({}, service).services["api"]!.overload;
  const usual = { concurrency: "adaptive", queue: 1_000, queueTimeoutMs: 1_000, deadlineHeader: "x-request-timeout" };
  assert.deepEqual(of({}), usual);
  assert.equal(of({ overload: false }), false);
  assert.deepEqual(of({ overload: { concurrency: 20, queue: 0, queueTimeout: "250ms", deadlineHeader: false } }), {
    concurrency: 20,
    queue: 0,
    queueTimeoutMs: 250,
  });
});

test("routes say what their requests are worth", () => {
  const of = (route: RouteOptions) => resolve({}, { routes: [{ path: "/a", ...route }] }).services["api"]!.routes[0]!;
  const path = { kind: "exact", value: "/a" };
  assert.deepEqual(of({ priority: "normal", brownout: false }), { path });
  assert.deepEqual(of({ priority: "critical", brownout: true, concurrency: 5 }), {
    path,
    priority: "critical",
    brownout: true,
    concurrency: { max: 5, queue: 100, queueTimeoutMs: 1_000 },
  });
  assert.deepEqual(of({ concurrency: { max: 5, queue: 0, queueTimeout: "2s" } }), {
    path,
    concurrency: { max: 5, queue: 0, queueTimeoutMs: 2_000 },
  });
});
