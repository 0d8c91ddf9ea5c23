import type { Report } from "../../bench/support/report.ts";
import { type Column, cost, figure, reportPage, timesNginx } from "./report-page.ts";

/** The results of `npm run bench:cache` for readers. */
export function cachePage(report: Report): string {
  return reportPage(report, { title: "The HTTP cache, measured", introduction, reading, columns });
}

const introduction =
  "`npm run bench:cache` answers that: the cache has one core for itself, the load (wrk) and an origin that counts what it is asked have " +
  "another. nginx (proxy_cache, files in memory) and Varnish (answers in memory) run at the settings that their documentation calls best for speed, and all are shown " +
  "to answer with the same bytes, without the origin, before anything is timed. They take turns, round by round, each started anew; what " +
  "counts is the median.";

const reading =
  "“Canned answer on a raw socket” is no cache: it looks at nothing, and shows about what the sockets themselves cost in Node. “Full path” is Node's HTTP server; without that " +
  "word Tenfold serves on its fast path where the request allows it. What ends in “again” is the same program once more: how far the two lie " +
  "apart is noise. Where the cache's core was far from busy, the load was the limit, and the CPU time per request is the number to compare.";

const columns: readonly Column[] = [
  figure("requestsPerSecond", "requests/s"),
  timesNginx("requestsPerSecond"),
  ...cost,
  figure("p50Ms", "p50 ms"),
  figure("p99Ms", "p99 ms"),
  figure("hitPercent", "hits, % of requests"),
  figure("byteHitPercent", "hits, % of bytes"),
  figure("heldPercent", "held, % of what it may"),
  figure("objects", "objects"),
  figure("overheadBytes", "overhead, bytes each"),
  figure("residentBytes", "in RAM, bytes each"),
  figure("purgeMs", "purge ms"),
  figure("slowestPurgeMs", "slowest ms"),
  figure("sweptMs", "swept after ms"),
  figure("longestStallMs", "longest stall ms"),
  figure("oldAnswers", "old answers"),
  figure("answeredEarly", "answered before the origin has"),
  figure("lastAnswerMs", "last answer after ms"),
  figure("fastPathPercent", "fast path %"),
  figure("spreadPercent", "spread %"),
  figure("originRequests", "requests to the origin"),
  figure("errors", "errors"),
];
