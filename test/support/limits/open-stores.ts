import { join } from "node:path";
import type { TestContext } from "node:test";
import { ManualClock } from "../../../src/kernel/index.ts";
import type { StoreUnderTest } from "../../../src/limits/stores/contract.ts";
import { MemoryStore } from "../../../src/limits/stores/memory.ts";
import { PlatformStore } from "../../../src/limits/stores/platform.ts";
import { LimitStoreServer } from "../../../src/limits/stores/platform/store-server.ts";
import { RedisStore } from "../../../src/limits/stores/redis.ts";
import { cleanUp } from "../cleanup.ts";
import { TestRedis } from "../redis.ts";
import { temporaryDirectory } from "../temporary.ts";

/** More than a slow machine takes: what is tested is not how fast it is. */
const deadlineMs = 10_000;

/** A Redis of this test alone, told the time. */
export async function redisUnderTest(t: TestContext): Promise<StoreUnderTest> {
  const { url } = await TestRedis.start(t);
  const clock = new ManualClock(1_000_000);
  const store = new RedisStore({ url, prefix: "test:", deadlineMs, now: () => clock.now() });
  cleanUp(t, () => store.stop());
  await store.connected;
  return { store, pass: (ms) => clock.advance(ms) };
}

/** A platform's memory, told the time. */
export async function platformUnderTest(t: TestContext): Promise<StoreUnderTest> {
  const clock = new ManualClock(1_000_000);
  const path = await serveStore(t, { store: new MemoryStore({}, clock) });
  return { store: await openPlatform(t, path), pass: (ms) => clock.advance(ms) };
}

/** @returns the socket's path, new if none is given */
export async function serveStore(
  t: TestContext,
  { store = new MemoryStore(), path = join(temporaryDirectory(t), "limits.sock") } = {},
): Promise<string> {
  const server = new LimitStoreServer(store, path);
  await server.start();
  cleanUp(t, () => server.stop());
  return path;
}

export async function openPlatform(t: TestContext, path: string, within = deadlineMs): Promise<PlatformStore> {
  const store = new PlatformStore({ path, deadlineMs: within });
  cleanUp(t, () => store.stop());
  await store.connected;
  return store;
}
