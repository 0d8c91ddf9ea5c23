import assert from "node:assert/strict";
import { test } from "node:test";
import { OperationQueue } from "./operation-queue.ts";

test("operations run one after the other, also after one has failed", async () => {
  const queue = new OperationQueue("api");
  const gate = Promise.withResolvers<void>();
  const record: string[] = [];
  const first = queue.run(async () => {
    await gate.promise;
    record.push("first");
    throw new Error("first fails");
  });
  const second = queue.run(() => Promise.resolve(record.push("second")));
  gate.resolve();
  await assert.rejects(first, /first fails/);
  await second;
  assert.deepEqual(record, ["first", "second"]);
});

test("stopping aborts what runs and refuses what waits", async () => {
  const queue = new OperationQueue("api");
  const started = Promise.withResolvers<void>();
  const running = queue.run(
    (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener("abort", () => reject(signal.reason as Error));
        started.resolve();
      }),
  );
  const waiting = queue.run(() => Promise.resolve("ran"));
  await started.promise;
  const outcomes = Promise.allSettled([running, waiting]);
  await queue.stop(new Error("stopping"));
  assert.deepEqual(
    (await outcomes).map((outcome) => outcome.status),
    ["rejected", "rejected"],
  );
});

test("who gives up while waiting is not run", async () => {
  const queue = new OperationQueue("api");
  const gate = Promise.withResolvers<void>();
  const first = queue.run(() => gate.promise);
  const caller = new AbortController();
  const second = queue.run(() => Promise.reject(new Error("must not run")), caller.signal);
  caller.abort(new Error("given up"));
  gate.resolve();
  await first;
  await assert.rejects(second, /given up/);
});

test("the queue has a bound", async () => {
  const queue = new OperationQueue("api");
  const gate = Promise.withResolvers<void>();
  const taken = Array.from({ length: 16 }, () => queue.run(() => gate.promise));
  await assert.rejects(
    queue.run(() => Promise.resolve()),
    { code: "FLEET_BUSY" },
  );
  gate.resolve();
  await Promise.all(taken);
});
