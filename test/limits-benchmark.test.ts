import assert from "node:assert/strict";
import { test } from "node:test";
import { accuracyOf } from "../bench/limits/accuracy/accuracy.ts";
import { admitExactly, mostWithin } from "../bench/limits/accuracy/sliding-log.ts";
import { readCommands } from "../bench/limits/redis-server.ts";
import { drawKeys } from "../bench/limits/subject/keys.ts";
import { rows } from "../bench/limits/rows/rows.ts";
import type { Report } from "../bench/support/report.ts";
import { judge, reaching } from "../bench/support/target.ts";
import { limitsPage } from "../scripts/benchmarks/limits-page.ts";

test("a limiter without error lets through what no window has too much of", () => {
  assert.deepEqual(admitExactly([0, 1, 2, 3, 10, 11, 12, 13], 2, 10), [0, 1, 10, 11]);
  assert.deepEqual(admitExactly([0, 9.5, 9.9, 10, 10.1, 19.4, 19.5], 2, 10), [0, 9.5, 10, 19.5]);
});

test("what was decided in one window for certain lies between its question and its answer", () => {
  const ends = [1, 2, 3, 10.5, 12];
  assert.equal(mostWithin(ends, ends, 10), 4, "(0.5, 10.5] has four answers");
  assert.equal(mostWithin([0.1, 0.2, 0.3, 10.4, 11], ends, 10), 3, "but three of them may have been decided before");
  assert.equal(mostWithin([], [], 10), 0);
});

const log = (asked: readonly number[], answered: readonly number[], admitted: readonly number[]) => ({
  asked,
  answered,
  isAdmitted: asked.map((time) => admitted.includes(time)),
  errors: 0,
});

test("what several processes let through is counted together", () => {
  const allowance = { count: 2, windowSeconds: 1 };
  const one = log([0, 100, 200], [1, 101, 201], [0, 100]);
  const two = log([50, 1_200, 1_300], [51, 1_201, 1_301], [50]);
  const { overPercent, overForCertainPercent, underPercent, refusedPercent } = accuracyOf([one, two], allowance);
  assert.deepEqual([overPercent, overForCertainPercent], [50, 50]);
  // Without error: 0, 50, 1200 and 1300.
  assert.deepEqual([underPercent, refusedPercent], [25, 50]);
});

test("who lets through as much, but later, is under", () => {
  const allowance = { count: 1, windowSeconds: 1 };
  const asked = [0, 1_000, 1_250];
  const late = accuracyOf([log(asked, asked, [0, 1_250])], allowance);
  assert.deepEqual([Math.round(late["underPercent"]!), late["overPercent"]], [20, 0]);
  const punctual = accuracyOf([log(asked, asked, [0, 1_000])], allowance);
  assert.equal(punctual["underPercent"], 0);
});

test("of Redis' commands those that scripts run are told apart, and those that measure are left out", () => {
  const info =
    "# Commandstats\r\ncmdstat_evalsha:calls=5,usec=1,usec_per_call=0.2\r\ncmdstat_script|load:calls=1,usec=1\r\n" +
    "cmdstat_get:calls=7,usec=1\r\ncmdstat_info:calls=3,usec=1\r\ncmdstat_client|setinfo:calls=9,usec=1\r\n";
  assert.deepEqual(readCommands(info), { calls: 6, all: 13 });
});

test("keys are drawn by Zipf's law, or each as often, and the same each time", () => {
  const count = (keys: readonly string[], key: string): number => keys.filter((each) => each === key).length;
  const [zipf, even] = [drawKeys(100, true), drawKeys(100, false)];
  assert.deepEqual(zipf, drawKeys(100, true));
  assert.ok(Math.abs(count(zipf, "10.0.0.0") / count(zipf, "10.0.0.1") / 2 - 1) < 0.1);
  assert.ok(Math.abs(count(even, "10.0.0.0") / count(even, "10.0.0.1") - 1) < 0.2);
});

test("a target that wants a figure is met when it is reached", () => {
  const target = reaching(3, { of: "tenfold", figure: "decisionsPerSecond", wanted: "3" });
  const at = (decisionsPerSecond: number) => ({ results: { tenfold: { decisionsPerSecond } } });
  assert.deepEqual(
    [3, 2.9].map((paces) => judge([target], at(paces))[0]!.verdict),
    ["met", "missed"],
  );
  assert.equal(judge([target], { results: {} })[0]!.verdict, "not measured");
});

test("each row has a name of its own, and its targets speak of those who are measured", () => {
  assert.equal(new Set(rows.map(({ name }) => name)).size, rows.length);
  for (const { name, targets, contenders } of rows) {
    const figures = new Proxy({}, { get: () => 1 });
    const results = Object.fromEntries(contenders.map((contender) => [contender, figures]));
    const rounds = Object.fromEntries(contenders.map((contender) => [contender, [figures]]));
    for (const { wanted, verdict } of judge(targets, { results, rounds }))
      assert.notEqual(verdict, "not measured", `${name}: ${wanted}`);
  }
});

const report: Report = {
  question: "What does a limit cost?",
  rows: {
    redis: {
      title: "decisions through Redis",
      date: "2026-01-01T00:00:00.000Z",
      commit: "abc",
      machine: { cpu: "a CPU", cores: 2, memoryGiB: 8, kernel: "Linux" },
      versions: { node: "v24" },
      setting: { rounds: 5, seconds: 5, connections: 64 },
      results: {
        "tenfold, leased": { decisionsPerSecond: 500, commandsPerDecision: 0.00252 },
        "rate-limiter-flexible, Redis": { decisionsPerSecond: 100, commandsPerDecision: 4 },
      },
      targets: [{ wanted: "≥ 5 × rate-limiter-flexible", measured: 5, verdict: "met" }],
    },
  },
};

test("the page tells every row that was measured, beside others and what was wanted", () => {
  const page = limitsPage(report);
  assert.match(page, /\| decisions through Redis \| ≥ 5 × rate-limiter-flexible \| 5 \| met \|/);
  assert.match(page, /\| tenfold, leased \| 500 \| 5 \| 0\.00252 \|/);
  assert.match(limitsPage({ question: "What?", rows: {} }), /# Limits, measured/);
});
