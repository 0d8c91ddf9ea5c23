import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import type { GatewayFigures, ServiceFigures } from "../gateway/index.ts";
import { metricsText } from "./metrics.ts";
import type { PlatformStatus } from "./status.ts";

const status: PlatformStatus = {
  name: "shop",
  root: "/shop",
  pid: 1,
  state: "ready",
  startedAt: 0,
  url: undefined,
  gateways: [],
  services: [],
  database: { kind: "none" },
};

const nothing: GatewayFigures = {
  snapshotVersion: 1,
  connections: 0,
  active: 0,
  services: {},
  unrouted: {},
  paths: { fast: 0, full: 0, handedOver: {} },
  cache: undefined,
  limits: undefined,
  accessLogDropped: 0,
};

async function linesOf(figures: GatewayFigures): Promise<string[]> {
  return (await metricsText({ status, gateways: new Map([["gateway-1", figures]]) }, new Registry())).split("\n");
}

test("the paths that requests took, and why connections changed them, are counted per gateway", async () => {
  const paths = { fast: 41, full: 7, handedOver: { upgrade: 2, "http-version": 1 } };
  const lines = await linesOf({ ...nothing, paths });
  for (const line of [
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="fast"} 41',
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="full"} 7',
    'tenfold_gateway_handed_over_total{gateway="gateway-1",reason="upgrade"} 2',
    'tenfold_gateway_handed_over_total{gateway="gateway-1",reason="http-version"} 1',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test("what the cache did is counted per gateway and service, by what came of it", async () => {
  const cached = { hit: 5, stale: 4, miss: 3, collapsed: 2, revalidated: 1, "stand-in": 0, pass: 6 };
  const service: ServiceFigures = {
    requests: {},
    durations: { counts: [], count: 0, sumMs: 0 },
    retries: 0,
    moved: 0,
    shed: 0,
    bytesIn: 0,
    bytesOut: 0,
    cached,
    overload: undefined,
    isPanicking: false,
    upstreams: [],
  };
  const cache = { answers: 12, bytes: 3_400, evicted: 7, arriving: 1, coded: 2, savedBytes: 800, worthCaching: [] };
  const lines = await linesOf({ ...nothing, cache, services: { api: service } });
  for (const [outcome, count] of Object.entries(cached)) {
    const line = `tenfold_cache_requests_total{gateway="gateway-1",service="api",outcome="${outcome}"} ${count}`;
    assert.ok(lines.includes(line), line);
  }
  for (const line of [
    'tenfold_cache_bytes{gateway="gateway-1"} 3400',
    'tenfold_cache_answers{gateway="gateway-1"} 12',
    'tenfold_cache_arriving{gateway="gateway-1"} 1',
    'tenfold_cache_evictions_total{gateway="gateway-1"} 7',
    'tenfold_cache_coded_total{gateway="gateway-1"} 2',
    'tenfold_cache_saved_bytes_total{gateway="gateway-1"} 800',
  ]) {
    assert.ok(lines.includes(line), line);
  }
});

test("without a cache there is nothing to say of one", async () => {
  assert.ok((await linesOf(nothing)).every((line) => !line.includes("tenfold_cache_")));
});
