import assert from "node:assert/strict";
import { test } from "node:test";
import type { CacheReport, WorthCachingNext } from "../../platform/index.ts";
import { cacheText } from "../cache-text.ts";
import { cacheFindings } from "./cache.ts";

const requests = { hit: 600, stale: 10, miss: 200, collapsed: 2, revalidated: 80, "stand-in": 0, pass: 108 };
const report: CacheReport = {
  answers: 1_200,
  bytes: 12_300_000,
  evicted: 3,
  services: { api: { requests, hitRatio: 0.612 } },
  worthCaching: [],
};
const tags: WorthCachingNext = {
  service: "api",
  path: "/api/tags",
  reason: "no-freshness",
  requests: 12_300,
  urls: 1,
  upstreamMs: 4.2,
  what: "the answer says nothing of how long it is fresh",
  fix: "add Cache-Control",
  isDeliberate: false,
};

test("how much was answered from the cache is said per service", () => {
  const [found] = cacheFindings(report);
  assert.equal(found!.found, "answered without asking a service: api 61.2 %; 1,200 answers in 12 MB");
  assert.deepEqual(found!.facts, { answers: 1_200, bytes: 12_300_000, evicted: 3 });
  assert.equal(cacheFindings({ ...report, services: {} })[0]!.found, "no request yet");
  assert.equal(cacheFindings(null)[0]!.verdict, "ok");
});

test("what is worth caching is said with its fix, as a warning where nobody has meant it so", () => {
  const feed = { ...tags, path: "/users/:id", urls: 40, upstreamMs: 0.2, isDeliberate: true };
  const [, first, second] = cacheFindings({ ...report, worthCaching: [tags, feed] });
  assert.deepEqual(first, {
    check: "worth caching, GET /api/tags",
    verdict: "warning",
    found: "12,300 requests to api for one URL, 4 ms each: the answer says nothing of how long it is fresh",
    fix: "add Cache-Control",
    facts: { requests: 12_300, urls: 1, upstreamMs: 4.2 },
  });
  assert.equal(second!.verdict, "ok");
  assert.equal(second!.fix, "add Cache-Control");
  assert.match(second!.found, /for about 40 URLs, < 1 ms each/);
});

test("the status has a line for each service that was asked, and none where none was", () => {
  const lines = cacheText(report)!.split("\n");
  assert.match(lines[1]!, /CACHE +HIT RATIO +HIT +STALE +SHARED +REVALIDATED +MISS +PASSED/);
  assert.match(lines[2]!, /^api +61\.2 % +600 +10 +2 +80 +200 +108$/);
  assert.equal(lines[3], "1,200 answers in 12 MB");
  assert.equal(cacheText({ ...report, services: {} }), undefined);
  assert.equal(cacheText(null), undefined);
});
