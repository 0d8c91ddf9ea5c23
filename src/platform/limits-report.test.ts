import assert from "node:assert/strict";
import { test } from "node:test";
import { someLimits } from "../../test/support/some-limits.ts";
import type { LimitAdjustment } from "../config/index.ts";
import type { GatewayFigures, LimitFigures } from "../gateway/index.ts";
import { limitsReport, type LimitsReportInput } from "./limits-report.ts";

const sliding = (count: number) => ({ algorithm: "sliding-window", count, windowMs: 60_000, burst: count }) as const;
const partner = { limit: "all", tier: "partner" } as const;

function report(input: Partial<LimitsReportInput>) {
  const usual = {
    limits: someLimits(),
    events: [],
    adjustments: [],
    store: "memory",
    gateways: [],
    now: 1_000,
  } as const;
  return limitsReport({ ...usual, ...input });
}

test("each limit is there with its rates, whether anybody has counted or not", () => {
  const { limits, store } = report({});
  assert.equal(store, "memory");
  assert.deepEqual(limits[0], {
    name: "all",
    algorithm: "sliding-window",
    per: ["ip", "header:x-api-key"],
    mode: "leased",
    whenAway: "local",
    rates: [
      { rate: "60/minute", now: "60/minute" },
      { tier: "partner", rate: "600/minute", now: "600/minute" },
      { tier: "staff", rate: "unlimited", now: "unlimited" },
    ],
    admitted: 0,
    refused: 0,
    decidedAway: 0,
    keys: 0,
  });
  assert.deepEqual(limits[2]!.service, "api");
});

test("gateways are added up, and one that has lost the store is enough", () => {
  const figures = (isAway: boolean, refused: number): GatewayFigures => {
    const limits: LimitFigures = {
      store: "redis",
      isAway,
      calls: 10,
      failures: 2,
      limits: { all: { admitted: 5, refused, decidedAway: 1, keys: 3 } },
    };
    return { limits } as unknown as GatewayFigures;
  };
  const summed = report({ gateways: [figures(false, 1), figures(true, 2), {} as GatewayFigures] });
  assert.deepEqual([summed.isAway, summed.calls, summed.failures], [true, 20, 4]);
  const { admitted, refused, decidedAway, keys } = summed.limits[0]!;
  assert.deepEqual({ admitted, refused, decidedAway, keys }, { admitted: 10, refused: 3, decidedAway: 2, keys: 6 });
});

test("of what concerns a tier the last one holds, until something else does", () => {
  const rates = (now: number, events: LimitAdjustment[], adjustments: LimitAdjustment[]) =>
    report({ now, events, adjustments }).limits[0]!.rates[1];
  const event = { ...partner, quota: sliding(700), from: 2_000, until: 5_000, event: "sale" };
  const change = { ...partner, quota: sliding(800), until: 3_000 };
  const shown = { tier: "partner", rate: "600/minute" };
  assert.deepEqual(rates(1_000, [event], []), { ...shown, now: "600/minute", until: 2_000 });
  assert.deepEqual(rates(2_000, [event], []), { ...shown, now: "700/minute", until: 5_000, event: "sale" });
  assert.deepEqual(rates(5_000, [event], []), { ...shown, now: "600/minute" });
  assert.deepEqual(rates(2_500, [event], [change]), { ...shown, now: "800/minute", until: 3_000 });
  assert.deepEqual(rates(1_000, [], [{ ...partner, quota: "unlimited" }]), { ...shown, now: "unlimited" });
});

test("what was adjusted is listed with who said it and whether it holds", () => {
  const events = [{ limit: "all", quota: sliding(7), until: 500, event: "past" }];
  const adjustments = [
    { ...partner, quota: sliding(8) },
    { ...partner, quota: sliding(9), until: 2_000 },
    { limit: "login", quota: sliding(10), from: 1_500 },
  ];
  assert.deepEqual(
    report({ events, adjustments }).adjustments.map(({ rate, by, state }) => [rate, by, state]),
    [
      ["7/minute", "config", "over"],
      ["8/minute", "runtime", "outdone"],
      ["9/minute", "runtime", "holds"],
      ["10/minute", "runtime", "planned"],
    ],
  );
});
