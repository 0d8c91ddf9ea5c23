import assert from "node:assert/strict";
import { test } from "node:test";
import type { GatewayFigures, ServiceFigures } from "../gateway/index.ts";
import { addLimits, addOverload } from "./limit-metrics.ts";
import { MetricSet } from "./metric-set.ts";

async function linesOf(add: (to: MetricSet["add"]) => void): Promise<string[]> {
  const metrics = new MetricSet();
  add((...sample) => metrics.add(...sample));
  return (await metrics.text()).split("\n").filter((line) => line !== "" && !line.startsWith("#"));
}

test("what limits said is counted per gateway and limit, and the store beside it", async () => {
  const all = { admitted: 5, refused: 2, decidedAway: 1, keys: 3 };
  const limits = { store: "redis", isAway: true, calls: 9, failures: 4, limits: { all } };
  assert.deepEqual(await linesOf((add) => addLimits("gateway-1", { limits } as unknown as GatewayFigures, add)), [
    'tenfold_limit_store_calls_total{gateway="gateway-1",store="redis"} 9',
    'tenfold_limit_store_failures_total{gateway="gateway-1",store="redis"} 4',
    'tenfold_limit_store_away{gateway="gateway-1",store="redis"} 1',
    'tenfold_limit_requests_total{gateway="gateway-1",limit="all",outcome="admitted"} 5',
    'tenfold_limit_requests_total{gateway="gateway-1",limit="all",outcome="refused"} 2',
    'tenfold_limit_decided_away_total{gateway="gateway-1",limit="all"} 1',
    'tenfold_limit_keys{gateway="gateway-1",limit="all"} 3',
  ]);
});

test("what was shed is counted by priority; a bound that is not known is not shown", async () => {
  const shed = { critical: 0, normal: 4, background: 7 };
  const figures = (limit: number | undefined): ServiceFigures => {
    return { overload: { limit, inFlight: 3, waiting: 2, shed, brownout: 0.25 } } as unknown as ServiceFigures;
  };
  const of = { gateway: "gateway-1", service: "api" };
  const lines = await linesOf((add) => addOverload(of, figures(12), add));
  for (const line of [
    'tenfold_overload_limit{gateway="gateway-1",service="api"} 12',
    'tenfold_overload_in_flight{gateway="gateway-1",service="api"} 3',
    'tenfold_overload_waiting{gateway="gateway-1",service="api"} 2',
    'tenfold_overload_brownout_ratio{gateway="gateway-1",service="api"} 0.25',
    'tenfold_overload_shed_total{gateway="gateway-1",service="api",priority="normal"} 4',
  ]) {
    assert.ok(lines.includes(line), line);
  }
  const unbounded = await linesOf((add) => addOverload(of, figures(undefined), add));
  assert.ok(unbounded.every((line) => !line.startsWith("tenfold_overload_limit")));
});

test("without limits and bounds there is nothing to say of them", async () => {
  const nothing = { limits: undefined } as unknown as GatewayFigures;
  assert.deepEqual(await linesOf((add) => addLimits("gateway-1", nothing, add)), []);
  assert.deepEqual(
    await linesOf((add) => addOverload({}, { overload: undefined } as unknown as ServiceFigures, add)),
    [],
  );
});
