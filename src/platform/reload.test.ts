import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResolvedConfig, ResolvedService } from "../config/index.ts";
import { changesOf, pathsThatNeedRestart } from "./reload.ts";

const service = (command: string): ResolvedService =>
  ({ kind: "command", command: [command] }) as unknown as ResolvedService;

test("services are told apart by what changed", () => {
  const before = { api: service("a"), mail: service("b"), old: service("c") };
  const after = { api: service("a"), mail: service("b2"), fresh: service("d") };
  assert.deepEqual(changesOf(before, after), {
    added: ["fresh"],
    removed: ["old"],
    changed: ["mail"],
  });
});

test("what stays up during a reload needs a restart", () => {
  const gateway = { port: 8080, host: "127.0.0.1", processes: 1, balance: "round-robin" };
  const config = { gateway, name: "shop", database: { kind: "none" }, control: { port: 8081 }, orphanGraceMs: 30_000 };
  const before = config as unknown as ResolvedConfig;
  const with_ = (over: object): ResolvedConfig => ({ ...config, ...over }) as unknown as ResolvedConfig;
  assert.deepEqual(pathsThatNeedRestart(before, with_({})), []);
  assert.deepEqual(pathsThatNeedRestart(before, with_({ gateway: { ...gateway, balance: "ip-hash" } })), []);
  assert.deepEqual(pathsThatNeedRestart(before, with_({ gateway: { ...gateway, port: 1 } })), ["gateway.port"]);
  assert.deepEqual(pathsThatNeedRestart(before, with_({ gateway: { ...gateway, processes: 2 } })), [
    "gateway.processes",
  ]);
  assert.deepEqual(pathsThatNeedRestart(before, with_({ control: { port: 9 }, orphanGraceMs: 1 })), [
    "control",
    "orphanGrace",
  ]);
});
