import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayFigures } from "../gateway/index.ts";
import { cacheReport } from "./cache-report.ts";

type Cache = NonNullable<GatewayFigures["cache"]>;
type Cached = GatewayFigures["services"][string]["cached"];

const none: Cached = { hit: 0, stale: 0, miss: 0, collapsed: 0, revalidated: 0, "stand-in": 0, pass: 0 };

function gateway(cache: Partial<Cache> | undefined, services: Readonly<Record<string, Partial<Cached>>> = {}) {
  const entries = Object.entries(services).map(([name, cached]) => [name, { cached: { ...none, ...cached } }]);
  return {
    cache: cache && { answers: 0, bytes: 0, evicted: 0, arriving: 0, worthCaching: [], ...cache },
    services: Object.fromEntries(entries) as unknown,
  } as GatewayFigures;
}

test("gateways are added up, and the hit ratio is the share for which no service was asked", () => {
  const report = cacheReport([
    gateway({ answers: 3, bytes: 100, evicted: 1 }, { api: { hit: 10, miss: 4 }, idle: {} }),
    gateway({ answers: 2, bytes: 50 }, { api: { stale: 2, collapsed: 3, "stand-in": 1, revalidated: 5, pass: 7 } }),
  ])!;
  assert.deepEqual([report.answers, report.bytes, report.evicted], [5, 150, 1]);
  assert.deepEqual(Object.keys(report.services), ["api"]);
  const { requests, hitRatio } = report.services["api"]!;
  assert.deepEqual(requests, { hit: 10, stale: 2, miss: 4, collapsed: 3, revalidated: 5, "stand-in": 1, pass: 7 });
  assert.equal(hitRatio, 16 / 32);
});

test("without a cache, or a gateway, there is no report", () => {
  assert.equal(cacheReport([]), undefined);
  assert.equal(cacheReport([gateway(undefined)]), undefined);
});

test("what is worth caching is added up, with the fix, and what would spare services most comes first", () => {
  const tags = { service: "api", path: "/api/tags", reason: "no-freshness" };
  const feed = { service: "api", path: "/api/feed", reason: "private", requests: 500, urls: 2, upstreamMs: 3 };
  const { worthCaching } = cacheReport([
    gateway({ worthCaching: [{ ...tags, requests: 100, urls: 1, upstreamMs: 10 }, feed] }),
    gateway({ worthCaching: [{ ...tags, requests: 300, urls: 2, upstreamMs: 2 }] }),
  ])!;
  assert.deepEqual(
    worthCaching.map(({ path, requests, urls, upstreamMs, isDeliberate }) => [
      path,
      requests,
      urls,
      upstreamMs,
      isDeliberate,
    ]),
    [
      ["/api/tags", 400, 2, 4, false],
      ["/api/feed", 500, 2, 3, true],
    ],
  );
  assert.match(worthCaching[0]!.what, /how long it is fresh/);
  assert.match(worthCaching[0]!.fix, /Cache-Control: public, max-age/);
});

test("a reason of a gateway of another version is named, as is a time that is not known", () => {
  const { worthCaching } = cacheReport([
    gateway({ worthCaching: [{ service: "api", path: "/", reason: "constructor", requests: 9, urls: 1 }] }),
  ])!;
  assert.match(worthCaching[0]!.what, /constructor/);
  assert.ok(!("upstreamMs" in worthCaching[0]!));
});
