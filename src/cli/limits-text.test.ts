import assert from "node:assert/strict";
import { test } from "node:test";
import type { LimitReport, LimitsReport } from "../platform/index.ts";
import { adjustmentText, hitLimitsText, limitsText, resetText } from "./limits-text.ts";

const now = Date.UTC(2026, 10, 27);
const hour = 3_600_000;

const all: LimitReport = {
  name: "all",
  algorithm: "sliding-window",
  per: ["ip", "route"],
  mode: "leased",
  whenAway: "local",
  rates: [
    { rate: "60/minute", now: "60/minute" },
    { tier: "partner", rate: "600/minute", now: "800/minute", until: now + 2 * hour, event: "sale" },
  ],
  admitted: 1_200,
  refused: 0,
  decidedAway: 0,
  keys: 7,
};
const report = (more: Partial<LimitsReport>): LimitsReport => {
  return { store: "memory", isAway: false, calls: 0, failures: 0, limits: [all], adjustments: [], ...more };
};
// oxlint-disable-next-line no-control-regex -- colour codes
const plain = (text: string): string => text.replaceAll(/\u001b\[[0-9;]*m/g, "");
const linesOf = (text: string): string[] => plain(text).split("\n");

test("limits are a table, each with its tiers below it", () => {
  assert.deepEqual(linesOf(limitsText(report({}), now)), [
    "LIMIT      OF  PER        RATE        NOW                UNTIL                          ADMITTED  REFUSED  CALLERS",
    "all            ip, route  60/minute   60/minute                                         1,200     0        7",
    "  partner                 600/minute  800/minute (sale)  2026-11-27T02:00:00Z (in 2 h)",
  ]);
  assert.match(limitsText(report({ limits: [] }), now), /Nothing is limited\..*gateway: \{ limits:/);
});

test("what was adjusted is listed below, but for what is over", () => {
  const adjustments = [
    { limit: "all", rate: "1/second", by: "config", state: "over", until: now - hour, event: "past" },
    { limit: "all", tier: "partner", rate: "800/minute", by: "runtime", state: "holds", until: now + 2 * hour },
  ] as const;
  assert.deepEqual(linesOf(limitsText(report({ adjustments }), now)).slice(4), [
    "ADJUSTED     RATE        FROM  UNTIL                          EVENT  BY   STATE",
    "all/partner  800/minute        2026-11-27T02:00:00Z (in 2 h)         you  holds",
  ]);
});

test("that the store is away is said", () => {
  const away = report({ store: "redis", isAway: true, failures: 3, limits: [{ ...all, decidedAway: 5 }] });
  assert.match(limitsText(away, now), /Redis cannot be reached \(3 calls failed\): 5 requests/);
  assert.match(hitLimitsText(away)!, /Redis cannot be reached/);
});

test("the status shows the limits that refuse, and nothing while none does", () => {
  assert.equal(hitLimitsText(null), undefined);
  assert.equal(hitLimitsText(report({})), undefined);
  assert.deepEqual(linesOf(hitLimitsText(report({ limits: [{ ...all, refused: 30 }] }))!), [
    "",
    "LIMIT  RATE       REFUSED  ADMITTED",
    "all    60/minute  30       1,200",
  ]);
});

test("what was done is said in a sentence", () => {
  const set = { limit: "all", tier: "partner", rate: "500/minute" };
  assert.equal(
    adjustmentText({ ...set, until: now + 2 * hour }, now),
    "Set all/partner to 500/minute, until 2026-11-27T02:00:00Z (in 2 h): every gateway goes by it.",
  );
  assert.equal(
    adjustmentText({ ...set, from: now + hour, event: "sale" }, now),
    "Set all/partner to 500/minute for sale, from 2026-11-27T01:00:00Z (in 60 min) until it is taken back: every gateway goes by it.",
  );
  assert.equal(resetText([set]), "Took back all/partner (500/minute): every gateway goes by the config again.");
  assert.equal(resetText([]), "Nothing of this was set.");
});
