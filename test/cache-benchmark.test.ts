import assert from "node:assert/strict";
import { test } from "node:test";
import { HitCounts, lruHits } from "../bench/cache/traces/hit-counts.ts";
import type { Trace } from "../bench/cache/traces/trace.ts";
import { webTrace } from "../bench/cache/traces/web-trace.ts";
import { zipfTrace } from "../bench/cache/traces/zipf-trace.ts";
import { judge, pointsAbove } from "../bench/support/target.ts";
import { cachePage } from "../scripts/benchmarks/cache-page.ts";

const mix = { requests: 20_000, objects: 1_000, exponent: 0.9, hasScan: false };

test("a mix is the same each time, another seed another mix", () => {
  assert.deepEqual(zipfTrace(mix), zipfTrace(mix));
  assert.notDeepEqual(zipfTrace(mix).requests, zipfTrace({ ...mix, seed: 2 }).requests);
});

test("of a mix, what is asked for most is asked for as often as Zipf's law says", () => {
  const counts = new Map<string, number>();
  for (const { path } of zipfTrace(mix).requests) counts.set(path, (counts.get(path) ?? 0) + 1);
  const [first, second, third] = [...counts.values()].toSorted((a, b) => b - a) as [number, number, number];
  assert.ok(Math.abs(first / second / 2 ** 0.9 - 1) < 0.1, `${first} and ${second}`);
  assert.ok(Math.abs(first / third / 3 ** 0.9 - 1) < 0.1, `${first} and ${third}`);
});

test("a scan asks for nothing twice, and its requests are not counted", () => {
  const { requests, bytes } = zipfTrace({ ...mix, hasScan: true });
  const scanned = requests.filter(({ isScan }) => isScan);
  assert.equal(scanned.length, mix.requests);
  assert.equal(new Set(scanned.map(({ path }) => path)).size, scanned.length);
  assert.equal(bytes, zipfTrace({ ...mix, hasScan: true, requests: 1 }).bytes);
  const counts = new HitCounts();
  counts.count({ path: "/a", bytes: 1, isScan: false }, true);
  counts.count({ path: "/b", bytes: 1_000, isScan: true }, false);
  assert.deepEqual(counts.figures(), { hitPercent: 100, byteHitPercent: 100 });
});

/** One letter per request, each of one byte. */
function traceOf(paths: string, countedFrom = 0): Trace {
  const requests = paths.split("").map((path) => ({ path, bytes: 1, isScan: false }));
  return { requests, countedFrom, bytes: new Set(requests.map(({ path }) => path)).size };
}

test("the simulated LRU gives up what was used least recently", () => {
  const table = [
    ["aaaa", 1, 75],
    ["abab", 1, 0],
    ["abab", 2, 50],
    // `a` was used since, so that `b` goes, and comes in vain.
    ["abacab", 2, 33],
  ] as const;
  for (const [paths, bytes, percent] of table) {
    assert.equal(Math.round(lruHits(traceOf(paths), bytes)["hitPercent"]!), percent, `${paths} in ${bytes}`);
  }
  assert.equal(lruHits(traceOf("abab", 2), 2)["hitPercent"], 100, "what fills it is not counted");
});

test("of a site's log the pages that were found are asked for, each with its most bytes", () => {
  const line = (asked: string): string => `127.0.0.1 - - [17/May/2015:10:05:03 +0000] ${asked} "-" "a browser"`;
  const log = [
    line('"GET /a HTTP/1.1" 200 10'),
    line('"GET /missing HTTP/1.1" 404 5'),
    line('"POST /a HTTP/1.1" 200 7'),
    line('"GET /large.zip HTTP/1.1" 200 99999999'),
    line('"GET /b HTTP/1.1" 200 3'),
    line('"GET /a HTTP/1.1" 200 20'),
    "no line",
  ];
  const { requests, bytes } = webTrace(log.join("\n"));
  assert.deepEqual([requests.map((each) => each.bytes), bytes], [[20, 3, 20], 23]);
  assert.equal(requests[0]!.path, requests[2]!.path);
});

test("points are counted between what both have reached", () => {
  const target = pointsAbove(10, { of: "tenfold", to: "lru", figure: "hitPercent", wanted: "10 points above" });
  const at = (tenfold: number) => ({ results: { tenfold: { hitPercent: tenfold }, lru: { hitPercent: 50 } } });
  assert.deepEqual(
    [60, 59.9].map((hits) => judge([target], at(hits))[0]!.verdict),
    ["met", "missed"],
  );
  assert.equal(judge([target], { results: {} })[0]!.verdict, "not measured");
});

test("the page says who was not there to be measured", () => {
  const row = {
    title: "hit, small JSON",
    date: "2026-01-01T00:00:00.000Z",
    commit: "abc",
    machine: { cpu: "a CPU", cores: 2, memoryGiB: 8, kernel: "Linux" },
    versions: { node: "v24" },
    setting: { rounds: 5, seconds: 5, connections: 64 },
    results: { nginx: { requestsPerSecond: 100 }, tenfold: { requestsPerSecond: 110, originRequests: 0 } },
    missing: ["varnish"],
    targets: [],
  };
  const page = cachePage({ question: "How fast?", rows: { hit: row } });
  assert.match(page, /\| tenfold \| 110 \| 1\.1 \| 0 \|/);
  assert.match(page, /Not installed, and so not measured: varnish\./);
});
