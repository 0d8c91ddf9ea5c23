import type { Report } from "../../bench/support/report.ts";
import { type Column, cost, figure, reportPage, timesNginx } from "./report-page.ts";

/** The results of `npm run bench:gateway` for readers. */
export function gatewayPage(report: Report): string {
  return reportPage(report, { title: "The gateway, measured", introduction, reading, columns });
}

const introduction =
  "`npm run bench:gateway` answers that: the proxy has one core for itself, the load (wrk) and the origin (nginx, canned answers) have " +
  "another. All proxies run at the settings that their documentation calls best for speed, add the same header fields, and are shown to " +
  "pass on the same bytes both ways before anything is timed. They take turns, round by round, each started anew; what counts is the median.\n\n" +
  "![Requests per second of Tenfold's gateway and of other proxies, in several situations](gateway.svg)";

const reading =
  "“Full path” is Node's HTTP server with undici; without that word Tenfold serves on its fast path where the request allows it. What ends " +
  "in “again” is the same program once more: how far the two lie apart is noise. Where the proxy's core was far from busy, load and origin were " +
  "the limit, and the CPU time per request is the number to compare.";

const columns: readonly Column[] = [
  figure("requestsPerSecond", "requests/s"),
  figure("requestsPerSecondWithIdle", "requests/s beside idle"),
  timesNginx("requestsPerSecond"),
  ...cost,
  figure("p50Ms", "p50 ms"),
  figure("p50WithIdleMs", "p50 ms beside idle"),
  figure("p99Ms", "p99 ms"),
  figure("p99WithIdleMs", "p99 ms beside idle"),
  figure("kilobytesPerIdle", "KB per idle connection"),
  figure("kilobytesPerIdleLater", "KB after more load"),
  figure("memoryMiB", "memory MiB"),
  figure("memoryGrowthPercent", "growth %"),
  figure("longestStallMs", "longest stall ms"),
  figure("fastPathPercent", "fast path %"),
  figure("spreadPercent", "spread %"),
  figure("errors", "errors"),
];
