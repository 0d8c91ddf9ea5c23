import assert from "node:assert/strict";
import { test } from "node:test";
import { batchesOf, rollingReload } from "./rolling-reload.ts";

const sizes: readonly (readonly [count: number, batches: readonly number[]])[] = [
  [0, []],
  [1, [1]],
  [4, [1, 1, 1, 1]],
  [5, [2, 2, 1]],
  [8, [2, 2, 2, 2]],
  [10, [3, 3, 3, 1]],
];

for (const [count, expected] of sizes) {
  test(`${count} instances are replaced in batches of ${expected.join(", ")}`, () => {
    const batches = batchesOf(Array.from({ length: count }, (_, index) => index));
    assert.deepEqual(
      batches.map(({ length }) => length),
      expected,
    );
    assert.equal(batches.flat().length, count);
  });
}

/** Instances are names: old ones `o1`, new ones `n1` …; the record is what was done. */
async function reload(count: number, failing: string | undefined): Promise<{ record: string[]; failed: boolean }> {
  const record: string[] = [];
  let created = 0;
  const steps = {
    create: () => `n${++created}`,
    whenReady: (name: string) => (name === failing ? Promise.reject(new Error("no")) : Promise.resolve()),
    end: (name: string) => Promise.resolve(void record.push(name)),
  };
  const old = Array.from({ length: count }, (_, index) => `o${index + 1}`);
  const outcome = rollingReload(old, steps, new AbortController().signal);
  const failed = await outcome.then(
    () => false,
    () => true,
  );
  return { record, failed };
}

test("old ones end as new ones are ready", async () => {
  assert.deepEqual(await reload(3, undefined), { record: ["o1", "o2", "o3"], failed: false });
});

test("when the first new one fails, it is removed and every old one stays", async () => {
  assert.deepEqual(await reload(3, "n1"), { record: ["n1"], failed: true });
});

test("when a later one fails, what was replaced before stays replaced", async () => {
  assert.deepEqual(await reload(3, "n2"), { record: ["o1", "n2"], failed: true });
});
