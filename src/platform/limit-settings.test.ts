import assert from "node:assert/strict";
import { test } from "node:test";
import { someLimits } from "../../test/support/some-limits.ts";
import type { ResolvedConfig } from "../config/index.ts";
import { composeLimits } from "./limit-settings.ts";

const quota = { algorithm: "sliding-window", count: 1, windowMs: 1_000, burst: 1 } as const;
const event = { limit: "all", quota, from: 1, until: 2, event: "sale" };

function config(more: { processes?: number; redis?: ResolvedConfig["redis"]; limits?: ResolvedConfig["limits"] } = {}) {
  const { processes = 1, ...rest } = more;
  const limits = { limits: someLimits(), tiers: [], adjustments: [event] };
  return { name: "shop", limits, gateway: { processes }, ...rest } as unknown as ResolvedConfig;
}

test("one process counts by itself, several at the platform, and all of a project in Redis", () => {
  const storeOf = (of: ResolvedConfig) => composeLimits(of, [], "/run/limits.sock")!.store;
  assert.deepEqual(storeOf(config()), { kind: "memory" });
  assert.deepEqual(storeOf(config({ processes: 2 })), { kind: "platform", path: "/run/limits.sock" });
  const redis = { url: "redis://cache:6379" };
  assert.deepEqual(storeOf(config({ processes: 2, redis })), { kind: "redis", ...redis, prefix: "tenfold:shop:" });
});

test("what was said at runtime comes after the config's events, and so wins", () => {
  const { adjustments } = composeLimits(config(), [{ limit: "all", rate: "1/second" }], "")!;
  assert.deepEqual(adjustments, [event, { limit: "all", quota }]);
});

test("without limits gateways are told nothing of any", () => {
  assert.equal(composeLimits(config({ limits: { limits: [], tiers: [], adjustments: [] } }), [], ""), undefined);
});
