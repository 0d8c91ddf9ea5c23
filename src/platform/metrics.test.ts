import assert from "node:assert/strict";
import { test } from "node:test";
import { Registry } from "prom-client";
import type { GatewayFigures } from "../gateway/index.ts";
import { metricsText } from "./metrics.ts";
import type { PlatformStatus } from "./status.ts";

test("the paths that requests took, and why connections changed them, are counted per gateway", async () => {
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
  const figures: GatewayFigures = {
    snapshotVersion: 1,
    connections: 0,
    active: 0,
    services: {},
    unrouted: {},
    paths: { fast: 41, full: 7, handedOver: { upgrade: 2, "http-version": 1 } },
    cache: undefined,
    accessLogDropped: 0,
  };
  const text = await metricsText({ status, gateways: new Map([["gateway-1", figures]]) }, new Registry());
  for (const line of [
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="fast"} 41',
    'tenfold_gateway_path_requests_total{gateway="gateway-1",path="full"} 7',
    'tenfold_gateway_handed_over_total{gateway="gateway-1",reason="upgrade"} 2',
    'tenfold_gateway_handed_over_total{gateway="gateway-1",reason="http-version"} 1',
  ]) {
    assert.ok(text.includes(`${line}\n`), line);
  }
});
