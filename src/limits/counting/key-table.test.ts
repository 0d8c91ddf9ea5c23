import assert from "node:assert/strict";
import { test } from "node:test";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { KeyTable } from "./key-table.ts";
import { parseKey } from "./limit-key.ts";
import { gcra, sliding } from "../stores/contract.ts";

const quota = sliding(10, 1_000);

function table(maxKeys: number): { use: (key: string, amount: number, now: number) => boolean; keys: KeyTable } {
  let drawn = 0;
  const random = (): number => (drawn = (drawn + 0.618_033_988_75) % 1);
  const keys = new KeyTable({ maxKeysOf: () => maxKeys, random });
  const use = (key: string, amount: number, now: number): boolean => {
    const entry = keys.find(parseKey(key), quota, now);
    const wait = entry.cell.waitMs(amount, now);
    if (wait === 0) entry.cell.take(amount, now);
    else entry.refusedUntil = now + wait;
    return wait === 0;
  };
  return { keys, use };
}

test("there are never more keys of a limit than it may have, and other limits have theirs", () => {
  const { keys, use } = table(100);
  use("other|a", 10, 0);
  for (let i = 0; i < 10_000; i++) use(`flooded|${i}`, 1, i / 100);
  assert.equal(keys.sizeOf("flooded"), 100);
  assert.equal(use("other|a", 1, 200), false);
});

test("keys that have all of their quota back make room before any is missed", () => {
  const { keys, use } = table(1_000);
  for (let i = 0; i < 1_000; i++) use(`a|${i}`, 1, 0);
  for (let i = 0; i < 600; i++) use(`a|new-${i}`, 1, 5_000);
  assert.ok(keys.sizeOf("a") <= 700, `${keys.sizeOf("a")}`);
});

test("who was here a moment ago keeps his place, though all of his quota is back", () => {
  const { keys } = table(1_000);
  const find = (caller: string, now: number): void => {
    const { cell } = keys.find({ scope: "a", caller }, gcra(1_000, 1_000), now);
    cell.take(1, now);
  };
  for (let i = 0; i < 300; i++) find(`${i}`, 0);
  for (let i = 0; i < 200; i++) find(`new-${i}`, 999);
  assert.equal(keys.sizeOf("a"), 500);
  for (let i = 0; i < 200; i++) find(`later-${i}`, 1_001);
  assert.equal(keys.sizeOf("a"), 400);
});

test("who makes up keys loses his own, not those of who uses theirs", () => {
  const { use } = table(100);
  for (let i = 0; i < 50; i++) use(`a|user-${i}`, 6, 0);
  for (let i = 0; i < 5_000; i++) use(`a|made-up-${i}`, 1, 1 + i / 100);
  const remembered = Array.from({ length: 50 }, (_, i) => !use(`a|user-${i}`, 5, 60)).filter(Boolean);
  assert.ok(remembered.length >= 48, `${remembered.length} of 50`);
});

test("what is refused is never forgotten early", () => {
  const { keys, use } = table(100);
  for (let i = 0; i < 100; i++) use(`a|${i}`, 8, 0);
  // Refused for asking for much, though a little is left.
  for (let i = 0; i < 100; i++) assert.equal(use(`a|${i}`, 5, 1), false);
  for (let i = 0; i < 20_000; i++) use(`a|new-${i}`, 1, 2);
  for (let i = 0; i < 100; i++) assert.equal(use(`a|${i}`, 5, 999), false);
  assert.equal(keys.sizeOf("a"), 100);
  assert.equal(use("a|0", 5, 1_001), true);
});

test("newcomers for whom there is no room are counted together, within the quota", () => {
  const { use } = table(10);
  for (let i = 0; i < 10; i++) use(`a|${i}`, 10, 0);
  let admitted = 0;
  for (let i = 0; i < 200_000; i++) if (use(`a|new-${i}`, 1, 1)) admitted++;
  assert.equal(admitted, 4096 * 10);
});

test("a key that was cut out of a long text does not keep the text in memory", () => {
  const { keys } = table(1_000);
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let i = 0; i < 1_000; i++) {
    const head = `${i}`.padStart(100_000, "GET / HTTP/1.1");
    keys.find({ scope: "a", caller: head.slice(-50) }, quota, i / 1_000);
  }
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 5_000_000, `${grown} bytes`);
  assert.equal(keys.sizeOf("a"), 1_000);
});

test("callers of a tier are never counted together with others", () => {
  const { keys } = table(0);
  const [mine, gold] = [keys.find(parseKey("a|1"), quota, 0), keys.find(parseKey("a/gold|1"), gcra(5, 1_000), 0)];
  assert.notEqual(mine.cell, gold.cell);
  assert.equal(gold.cell.quota.algorithm, "gcra");
});
