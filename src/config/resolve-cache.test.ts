import assert from "node:assert/strict";
import { test } from "node:test";
import { checkBudget } from "./checks/cache.ts";
import type { Config, GatewayOptions, RouteOptions, ServiceOptions } from "./options.ts";
import type { ResolvedConfig } from "./resolved.ts";
import { validateConfig } from "./validate.ts";

function resolve(options: Partial<ServiceOptions>, gateway: GatewayOptions = {}): ResolvedConfig {
  const written = { services: { api: { urls: ["http://a:1"], ...options } }, gateway } as Config;
  const setting = { root: "/", mode: "test", projectName: "demo", environment: {}, database: undefined };
  const { problems, config } = validateConfig(written, setting) as { problems?: unknown; config: ResolvedConfig };
  assert.equal(problems, undefined);
  return config;
}

const cacheOf = (cache: ServiceOptions["cache"]) =>
  resolve(cache === undefined ? {} : { cache }).services["api"]!.cache;

const nothingSaid = {
  staleWhileRevalidateMs: 0,
  staleIfErrorMs: 0,
  stripSetCookie: false,
  ignoresCookies: false,
  key: [],
};

test("without a word, what origins say is obeyed", () => {
  assert.deepEqual(cacheOf(undefined), nothingSaid);
  assert.deepEqual(cacheOf({}), nothingSaid);
  assert.equal(cacheOf(false), false);
});

test("a duration alone is the ttl", () => {
  assert.deepEqual(cacheOf("5s"), { ...nothingSaid, ttlMs: 5_000 });
});

test("everything can be said, and lifetimes may be longer than any timer", () => {
  const cache = {
    ttl: "365d",
    staleWhileRevalidate: "30s",
    staleIfError: "1d",
    heuristic: "1h",
    setCookie: "strip",
    cookies: "ignore",
    key: ["header:X-Tenant", "cookie:Session", "header:x-tenant"],
  } as const;
  assert.deepEqual(cacheOf({ ...cache, key: [...cache.key] }), {
    ttlMs: 365 * 86_400_000,
    staleWhileRevalidateMs: 30_000,
    staleIfErrorMs: 86_400_000,
    heuristicMaxMs: 3_600_000,
    stripSetCookie: true,
    ignoresCookies: true,
    key: ["x-tenant", "cookie:Session"],
  });
});

test("what a route does not say it has from its service", () => {
  const of = (cache: RouteOptions["cache"], ofService: ServiceOptions["cache"]) => {
    const route = { path: "/a", ...(cache === undefined ? {} : { cache }) };
    const { routes } = resolve({ routes: [route], ...(ofService === undefined ? {} : { cache: ofService }) }).services[
      "api"
    ]!;
    return routes[0]!.cache;
  };
  const service = { ttl: "1m", cookies: "ignore" } as const;
  assert.equal(of(undefined, service), undefined);
  assert.equal(of(false, service), false);
  assert.deepEqual(of("5s", service), { ...nothingSaid, ttlMs: 5_000, ignoresCookies: true });
  assert.deepEqual(of({ staleIfError: "1h" }, service), {
    ...nothingSaid,
    ttlMs: 60_000,
    ignoresCookies: true,
    staleIfErrorMs: 3_600_000,
  });
  assert.deepEqual(of("5s", false), { ...nothingSaid, ttlMs: 5_000 });
});

test("the gateway's cache has a budget, or is off", () => {
  const bytes = (gateway: GatewayOptions) => resolve({}, gateway).gateway.cacheBytes;
  assert.equal(bytes({}), 64 * 1024 * 1024);
  assert.equal(bytes({ cache: "2MiB" }), 2 * 1024 * 1024);
  assert.deepEqual([bytes({ cache: false }), bytes({ cache: "0B" })], [0, 0]);
});

test("a budget may have half of the memory", () => {
  const gigabyte = 1024 ** 3;
  assert.deepEqual(checkBudget(gigabyte, 2 * gigabyte), []);
  assert.deepEqual(
    checkBudget(gigabyte + 1, 2 * gigabyte).map(({ expected }) => expected),
    ["at most 1GiB"],
  );
});

test("what is compressed is named in one word, or in detail", () => {
  const of = (compression?: GatewayOptions["compression"]) =>
    resolve({}, compression === undefined ? {} : { compression }).gateway.compression;
  const { types } = of();
  assert.ok(types.includes("text/*") && types.includes("*+json"));
  assert.deepEqual(of(), { of: "shared", types, minBytes: 1_024 });
  assert.deepEqual(of("everything"), { of: "everything", types, minBytes: 1_024 });
  assert.deepEqual(of({ types: ["Text/HTML", "*+XML"], minSize: "0B" }), {
    of: "shared",
    types: ["text/html", "*+xml"],
    minBytes: 0,
  });
  assert.equal(of(false).of, "nothing");
});
