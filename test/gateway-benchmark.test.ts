import assert from "node:assert/strict";
import { test } from "node:test";
import type { Report } from "../bench/support/report.ts";
import { atLeast, atMost, judge, within } from "../bench/support/target.ts";
import { gatewayChart } from "../scripts/benchmarks/gateway-chart.ts";
import { gatewayPage } from "../scripts/benchmarks/gateway-page.ts";

const results = {
  nginx: { requestsPerSecond: 1_000, cpuMicros: 10, p99Ms: 2 },
  tenfold: { requestsPerSecond: 799.6, cpuMicros: 11, p99Ms: 4, stallMs: 50 },
};
const measured = { results, rounds: { nginx: [results.nginx], tenfold: [results.tenfold] } };

test("who is compared is compared round by round: a machine that changes its pace changes nothing", () => {
  const at = (...perSecond: number[]) => perSecond.map((requestsPerSecond) => ({ requestsPerSecond }));
  const rounds = { nginx: at(100, 100, 50, 50, 50), tenfold: at(90, 90, 45, 45, 90) };
  const [verdict] = judge([atLeast(0.9, { of: "tenfold", to: "nginx" })], { results: {}, rounds });
  assert.deepEqual([verdict!.measured, verdict!.rounds], [0.9, [0.9, 0.9, 0.9, 0.9, 1.8]]);
});

test("a target is met at its limit and missed beyond it, however the number is rounded", () => {
  const table = [
    [atLeast(0.8, { of: "tenfold", to: "nginx" }), "missed"],
    [atLeast(0.7996, { of: "tenfold", to: "nginx" }), "met"],
    [atMost(2, { of: "tenfold", to: "nginx", figure: "p99Ms" }), "met"],
    [atMost(1.09, { of: "tenfold", to: "nginx", figure: "cpuMicros" }), "missed"],
    [within(50, { of: "tenfold", figure: "stallMs", wanted: "no stall" }), "met"],
    [within(2, { of: "tenfold", figure: "cpuMicros", per: "p99Ms", wanted: "a ratio of its own" }), "missed"],
  ] as const;
  for (const [target, verdict] of table) assert.equal(judge([target], measured)[0]!.verdict, verdict, target.wanted);
});

test("a target about somebody who was not measured is neither met nor missed", () => {
  const targets = [
    atLeast(4, { of: "tenfold", to: "caddy" }),
    within(1, { of: "haproxy", figure: "stallMs", wanted: "no stall" }),
    within(1, { of: "tenfold", figure: "growth", wanted: "no growth" }),
  ];
  for (const { verdict } of judge(targets, measured)) assert.equal(verdict, "not measured");
});

test("the page and the chart tell every row that was measured, and stand without any", () => {
  const row = {
    title: "small <JSON>",
    date: "2026-01-01T00:00:00.000Z",
    commit: "abc",
    machine: { cpu: "a CPU", cores: 2, memoryGiB: 8, kernel: "Linux" },
    versions: { node: "v24" },
    setting: { rounds: 5, seconds: 5, connections: 64 },
    results,
    targets: judge([atLeast(0.8, { of: "tenfold", to: "nginx" })], measured),
  };
  const report: Report = { question: "How fast?", rows: { json: row } };
  assert.match(
    gatewayPage(report),
    /\| small <JSON> \| tenfold, requests\/s: ≥ 0\.8 × nginx \| 0\.8 \| \*\*missed\*\* \|/,
  );
  assert.match(gatewayPage(report), /\| tenfold \| 800 \| 0\.8 \|/);
  assert.match(gatewayChart(report), /small &lt;JSON>[^]*nginx[^]*1,000[^]*tenfold[^]*800/);
  assert.match(gatewayChart({ question: "How fast?", rows: {} }), /<\/svg>/);
  assert.match(gatewayPage({ question: "How fast?", rows: {} }), /# The gateway, measured/);
});
