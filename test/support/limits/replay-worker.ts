import { workerData } from "node:worker_threads";
import { ManualClock } from "../../../src/kernel/index.ts";
import type { LimitStore } from "../../../src/limits/store.ts";
import { MemoryStore } from "../../../src/limits/stores/memory.ts";
import type { LimitStoreAddress } from "../../../src/limits/stores/open-store.ts";
import { PlatformStore } from "../../../src/limits/stores/platform.ts";
import { LimitStoreServer } from "../../../src/limits/stores/platform/store-server.ts";
import { RedisStore } from "../../../src/limits/stores/redis.ts";
import type { ReplayJob } from "./replay-suite.ts";
import { replayDecisions, replayLeases, replayTogether } from "./replay.ts";
import { seeded } from "./seeded.ts";

/** A replay in a thread of its own, where promises are not watched by the test runner: that takes most of the time. */
const { address, what, quotas, decisions, crowd } = workerData as ReplayJob;
const clock = new ManualClock(1_000_000);
const opened: { stop(): Promise<void> }[] = [];
const subject = { store: await open(address), pass: (ms: number): void => clock.advance(ms) };
try {
  const replay = { quota: quotas[0]!, decisions, crowd, random: seeded(42) };
  if (what === "decisions") await replayDecisions(subject, replay);
  else if (what === "leases") await replayLeases(subject, replay);
  else await replayTogether(subject, { ...replay, quotas });
} finally {
  for (const each of opened.toReversed()) await each.stop();
}

async function open(address: LimitStoreAddress): Promise<LimitStore> {
  if (address.kind === "memory") return new MemoryStore({}, clock);
  if (address.kind === "platform") {
    const server = new LimitStoreServer(new MemoryStore({}, clock), address.path);
    await server.start();
    opened.push(server);
  }
  // More than a slow machine takes: what is tested is not how fast it is.
  const deadlineMs = 10_000;
  const now = (): number => clock.now();
  const store =
    address.kind === "platform"
      ? new PlatformStore({ path: address.path, deadlineMs })
      : new RedisStore({ ...address, deadlineMs, now });
  opened.push(store);
  await store.connected;
  return store;
}
