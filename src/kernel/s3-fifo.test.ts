import assert from "node:assert/strict";
import { test } from "node:test";
import { type Kept, notKept, S3Fifo } from "./s3-fifo.ts";

interface Thing extends Kept {
  readonly key: string;
}

/** A cache of things that each count for 1, unless said otherwise, which knows what it holds. */
function create(maxBytes: number) {
  const held = new Map<string, Thing>();
  const fifo = new S3Fifo<Thing>(maxBytes, (thing) => held.delete(thing.key));
  const ask = (key: string, bytes = 1): boolean => {
    const thing = held.get(key);
    if (thing !== undefined) {
      fifo.touch(thing);
      return true;
    }
    const added: Thing = { key, bytes, ...notKept };
    held.set(key, added);
    fifo.add(added);
    return false;
  };
  return { fifo, held, ask };
}

test("never more is held than there is room for, and what is held is what counts", () => {
  const { fifo, held, ask } = create(1_000);
  for (let i = 0; i < 20_000; i++) {
    ask(`${(i * i) % 3_001}`, 1 + (i % 37));
    assert.ok(fifo.bytes <= 1_000);
  }
  assert.equal(fifo.count, held.size);
  assert.equal(
    fifo.bytes,
    [...held.values()].reduce((sum, { bytes }) => sum + bytes, 0),
  );
});

test("what is too large for it is given up at once", () => {
  const { held, ask } = create(10);
  ask("a");
  ask("large", 11);
  assert.ok(!held.has("large"));
});

test("a scan leaves what is in use alone", () => {
  const { held, ask } = create(100);
  const inUse = Array.from({ length: 50 }, (_, i) => `used ${i}`);
  for (let round = 0; round < 3; round++) for (const key of inUse) ask(key);
  for (let i = 0; i < 10_000; i++) ask(`scanned ${i}`);
  assert.deepEqual(
    inUse.filter((key) => held.has(key)),
    inUse,
  );
});

test("what comes back soon after it was given up stays", () => {
  const { held, ask } = create(100);
  for (let round = 0; round < 3; round++) for (let i = 0; i < 60; i++) ask(`warm ${i}`);
  for (let i = 0; i < 200; i++) ask(`one ${i}`);
  assert.ok(!held.has("one 100"));
  ask("one 180");
  const isBack = !held.has("one 150") && ask("one 150");
  assert.ok(!isBack);
  for (let i = 0; i < 200; i++) ask(`two ${i}`);
  assert.ok(held.has("one 150"), "it went to the main queue");
});

test("what is removed makes room, and may come again", () => {
  const { fifo, held, ask } = create(2);
  ask("a");
  ask("b");
  fifo.remove(held.get("a")!);
  held.delete("a");
  assert.equal(fifo.bytes, 1);
  ask("c");
  assert.deepEqual([...held.keys()], ["b", "c"]);
  fifo.remove({ key: "x", bytes: 1, ...notKept });
  assert.equal(fifo.count, 2);
});

test("less room means less is held, at once", () => {
  const { fifo, ask } = create(100);
  for (let i = 0; i < 100; i++) ask(`${i}`);
  fifo.maxBytes = 10;
  assert.equal(fifo.count, 10);
});

test("what grows counts for more, and others are given up for it", () => {
  const { fifo, held, ask } = create(100);
  for (let i = 0; i < 10; i++) ask(`${i}`, 10);
  const grown = held.get("9")!;
  fifo.resize(grown, 40);
  assert.equal(fifo.bytes, 100);
  assert.equal(fifo.count, 7);
  fifo.resize(grown, 10);
  assert.equal(fifo.bytes, 70);
  for (const thing of held.values()) fifo.remove(thing);
  assert.equal(fifo.bytes, 0);
});

test("what is not kept any more can grow as it likes", () => {
  const { fifo, held, ask } = create(100);
  ask("a", 10);
  const a = held.get("a")!;
  fifo.remove(a);
  fifo.resize(a, 1_000);
  assert.equal(fifo.bytes, 0);
});

/** Ratio of hits of a cache that gives up what was used least recently. */
function lruHits(keys: readonly string[], size: number): number {
  const held = new Map<string, true>();
  let hits = 0;
  for (const key of keys) {
    if (held.delete(key)) hits++;
    else if (held.size === size) held.delete(held.keys().next().value!);
    held.set(key, true);
  }
  return hits / keys.length;
}

/** Numbers that look drawn, the same in every run (mulberry32). */
function* draws(seed: number): Generator<number, never> {
  for (let state = seed; ;) {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    yield ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}

function zipf(count: number, things: number, seed: number): string[] {
  const sums: number[] = [];
  let sum = 0;
  for (let i = 1; i <= things; i++) sums.push((sum += 1 / i));
  const random = draws(seed);
  return Array.from({ length: count }, () => {
    const wanted = random.next().value * sum;
    let [low, high] = [0, things - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sums[middle]! < wanted) low = middle + 1;
      else high = middle;
    }
    return `${low}`;
  });
}

function hits(keys: readonly string[], size: number): number {
  const { ask } = create(size);
  return keys.filter((key) => ask(key)).length / keys.length;
}

test("of Zipf's requests more hit than of a cache by last use", () => {
  const keys = zipf(200_000, 10_000, 1);
  assert.ok(hits(keys, 1_000) > lruHits(keys, 1_000) + 0.03);
});

test("while a scan runs through, far more do", () => {
  const keys = zipf(100_000, 10_000, 2).flatMap((key, i) => [key, `scan ${i}`]);
  assert.ok(hits(keys, 1_000) > lruHits(keys, 1_000) + 0.05, `${hits(keys, 1_000)} and ${lruHits(keys, 1_000)}`);
});
