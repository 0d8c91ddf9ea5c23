import type { Report } from "../../bench/support/report.ts";
import { type Column, cost, figure, reportPage, times } from "./report-page.ts";

/** The results of `npm run bench:limits` for readers. */
export function limitsPage(report: Report): string {
  return reportPage(report, { title: "Limits, measured", introduction, reading, columns });
}

const introduction =
  "`npm run bench:limits` answers that: who decides, or answers requests, has one core for itself; Redis, the load (wrk) and the origin behind the " +
  "gateway have another. rate-limiter-flexible and @fastify/rate-limit run at the settings that their documentation calls best for speed, and all are shown to let " +
  "through as many as are allowed before anything is timed. They take turns, round by round, each started anew; what counts is the median.";

const reading =
  "Of limits in Redis, “leased” takes tokens ahead of need, and “exact” asks for each decision. What ends in “again” is the same once more: how far the " +
  "two lie apart is noise. CPU time is that of the process that decides or answers, for each decision or request.";

const [, ...costBesides] = cost;

const columns: readonly Column[] = [
  figure("decisionsPerSecond", "decisions/s"),
  times("decisionsPerSecond", "rate-limiter-flexible", [
    "rate-limiter-flexible, memory",
    "rate-limiter-flexible, Redis",
  ]),
  figure("requestsPerSecond", "requests/s"),
  times("requestsPerSecond", "the gateway without limits", ["gateway"]),
  times("requestsPerSecond", "Fastify without limits", ["fastify"]),
  figure("cpuMicros", "CPU µs each"),
  ...costBesides,
  figure("redisCpuMicros", "of Redis"),
  figure("callsPerDecision", "calls per decision"),
  figure("commandsPerDecision", "commands per decision"),
  figure("overPercent", "over %"),
  figure("overForCertainPercent", "over for certain %"),
  figure("underPercent", "under %"),
  figure("refusedPercent", "refused %"),
  figure("bytesPerKey", "bytes per key"),
  figure("bytesPerBusyKey", "bytes per busy key"),
  figure("p50Ms", "p50 ms"),
  figure("p99Ms", "p99 ms"),
  figure("fastPathPercent", "fast path %"),
  figure("spreadPercent", "spread %"),
  figure("errors", "errors"),
];
