import assert from "node:assert/strict";
import { test } from "node:test";
import { commandService } from "../../test/support/fleet.ts";
import type { CommandService, ResolvedConfig } from "../config/index.ts";
import { composeSnapshot, type SnapshotInput } from "./snapshot.ts";

function compose(service: Partial<CommandService>, input: Partial<SnapshotInput> = {}) {
  const config = { gateway: { host: "127.0.0.1" }, services: { api: commandService("api", service) } };
  return composeSnapshot({
    version: 1,
    config: config as unknown as ResolvedConfig,
    upstreams: {},
    internalPorts: {},
    limits: undefined,
    publicPort: undefined,
    ...input,
  });
}

test("gateways are told what a service can take, and which path its health checks ask for", () => {
  const overload = { concurrency: "adaptive", queue: 10, queueTimeoutMs: 1_000 } as const;
  const health = { intervalMs: 1, timeoutMs: 1, failures: 1, successes: 1 };
  const { api } = compose({ overload, health: { ...health, path: "/readyz" } }).services;
  assert.deepEqual([api!.overload, api!.healthPath], [overload, "/readyz"]);
  for (const without of [false, health] as const) {
    assert.equal("healthPath" in compose({ health: without }).services["api"]!, false);
  }
});

test("limits are there when there are some", () => {
  const limits = { limits: [], tiers: [], adjustments: [], store: { kind: "memory" } } as const;
  assert.equal(compose({}, { limits }).limits, limits);
  assert.equal("limits" in compose({}), false);
});
