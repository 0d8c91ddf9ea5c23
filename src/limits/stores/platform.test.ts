import assert from "node:assert/strict";
import { connect } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { cleanUp } from "../../../test/support/cleanup.ts";
import { temporaryDirectory } from "../../../test/support/temporary.ts";
import { ManualClock, poll } from "../../kernel/index.ts";
import { limitStoreContract, sliding } from "./contract.ts";
import { MemoryStore } from "./memory.ts";
import { PlatformStore } from "./platform.ts";
import { LimitStoreServer } from "./platform/store-server.ts";

limitStoreContract("platform", async (t) => {
  const clock = new ManualClock(1_000_000);
  const { path } = await serve(t as TestContext, new MemoryStore({}, clock));
  const store = await open(t as TestContext, path);
  return { store, pass: (ms) => clock.advance(ms) };
});

const draw = { key: "limit|caller", quota: sliding(10, 3_600_000), amount: 1 };

test("platform: all who count there share what there is", async (t) => {
  const { path } = await serve(t);
  const stores = [await open(t, path), await open(t, path)];
  const verdicts = await Promise.all(Array.from({ length: 30 }, (_, i) => stores[i % 2]!.decide([draw])));
  assert.equal(verdicts.filter(({ isAdmitted }) => isAdmitted).length, 10);
});

test("platform: what is asked before the first connection waits for it, and fails soon when there is nobody", async (t) => {
  const { path } = await serve(t);
  const store = new PlatformStore({ path, deadlineMs: 5_000 });
  cleanUp(t, () => store.stop());
  assert.equal((await store.decide([draw])).isAdmitted, true);
  const nobody = new PlatformStore({ path: `${path}-not-there`, deadlineMs: 5_000 });
  cleanUp(t, () => nobody.stop());
  await assert.rejects(nobody.decide([draw]), { code: "LIMITS_STORE_AWAY" });
});

test("platform: while the server is gone, what is asked fails at once; when it is back, it is asked again", async (t) => {
  const { path, server } = await serve(t);
  const store = await open(t, path);
  await store.decide([draw]);
  await server.stop();
  await assert.rejects(store.decide([draw]), { code: "LIMITS_STORE_AWAY" });
  await serve(t, new MemoryStore(), path);
  const verdict = await answered(store);
  assert.equal(verdict.isAdmitted, true);
});

test("platform: what is not answered in time fails then", async (t) => {
  const silent = { decide: () => new Promise<never>(() => undefined) };
  const { path } = await serve(t, Object.assign(new MemoryStore(), silent));
  const store = await open(t, path, 20);
  await assert.rejects(store.decide([draw]), { code: "LIMITS_STORE_LATE" });
});

test("platform: a process that was busy itself for longer than the deadline still hears the answer", async (t) => {
  const { path } = await serve(t);
  const store = await open(t, path, 1_000);
  const verdict = store.decide([draw]);
  const since = performance.now();
  while (performance.now() - since < 1_050);
  assert.equal((await verdict).isAdmitted, true);
});

test("platform: what fails there is said", async (t) => {
  const failing = { decide: () => Promise.reject(new Error("no room")) };
  const { path } = await serve(t, Object.assign(new MemoryStore(), failing));
  const store = await open(t, path);
  await assert.rejects(store.decide([draw]), { code: "LIMITS_STORE_REFUSED", message: /no room/ });
});

test("platform: who sends what is not understood is cut off, the others are served", async (t) => {
  const { path } = await serve(t);
  const store = await open(t, path);
  const lines = ["{}", "[1]", '[1,"decide",[["key","gcra",1,1,1]]]', '[1,"decide",[["key","gcra",0,1,1,1]]]', "x"];
  for (const line of [...lines, "x".repeat(2_000_000)]) {
    const socket = connect(path);
    socket.on("error", () => undefined);
    socket.write(`${line}\n`);
    await new Promise((resolve) => socket.once("close", resolve));
  }
  assert.equal((await store.decide([draw])).isAdmitted, true);
});

async function serve(
  t: TestContext,
  store = new MemoryStore(),
  path = join(temporaryDirectory(t), "limits.sock"),
): Promise<{ path: string; server: LimitStoreServer }> {
  const server = new LimitStoreServer(store, path);
  await server.start();
  cleanUp(t, () => server.stop());
  return { path, server };
}

async function open(t: TestContext, path: string, deadlineMs = 5_000): Promise<PlatformStore> {
  const store = new PlatformStore({ path, deadlineMs });
  cleanUp(t, () => store.stop());
  await store.connected;
  return store;
}

function answered(store: PlatformStore): Promise<Awaited<ReturnType<PlatformStore["decide"]>>> {
  return poll(() => store.decide([draw]).catch(() => undefined), {
    everyMs: 5,
    deadlineMs: 10_000,
    onTimeout: () => new Error("it is not asked again"),
  });
}
