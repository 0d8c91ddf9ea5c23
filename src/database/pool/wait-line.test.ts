import assert from "node:assert/strict";
import { test } from "node:test";
import { WaitLine } from "./wait-line.ts";

const options = { maxWaiting: 1_000, targetMs: 100, intervalMs: 200 };
const since = (at: number, waitMs = 1_000) => ({ since: at, deadlineAt: at + waitMs });

test("who came first is served first, while the line is short", () => {
  const line = new WaitLine(options);
  const [first, second] = [since(0), since(1)];
  assert.ok(line.add(first) && line.add(second));
  assert.deepEqual(line.takeLate(50), []);
  assert.equal(line.next(), first);
  assert.equal(line.next(), second);
  assert.equal(line.next(), undefined);
});

test("a line has an end, and so has each wait", () => {
  const line = new WaitLine({ ...options, maxWaiting: 2 });
  const [hasty, patient] = [since(0, 10), since(0, 90)];
  assert.ok(line.add(hasty) && line.add(patient));
  assert.equal(line.add(since(0)), false);
  assert.deepEqual(line.takeLate(9), []);
  assert.deepEqual(line.takeLate(10), [hasty]);
  assert.equal(line.size, 1);
  line.remove(patient);
  assert.equal(line.size, 0);
});

test("a burst is served in turn, however long it takes, as long as it shrinks", () => {
  const line = new WaitLine(options);
  const all = Array.from({ length: 100 }, () => since(0));
  for (const each of all) line.add(each);
  // Two a millisecond: the last one has waited 50 ms.
  const served = all.map((_, index) => {
    assert.deepEqual(line.takeLate(index / 2), []);
    return line.next();
  });
  assert.deepEqual(served, all);
});

test("in a line that stays long the newest are served, soon, and the oldest turned away", () => {
  const line = new WaitLine(options);
  const waits: number[] = [];
  let refused = 0;
  // Five come each millisecond, one is served.
  for (let now = 0; now < 5_000; now++) {
    for (let i = 0; i < 5; i++) if (!line.add(since(now))) refused++;
    refused += line.takeLate(now).length;
    const next = line.next();
    assert.ok(next, "a connection is never idle while somebody waits");
    if (now > 1_000) waits.push(now - next.since);
  }
  assert.ok(line.isStanding);
  assert.ok(Math.max(...waits) <= options.targetMs, `served after ${Math.max(...waits)} ms`);
  assert.ok(refused > 15_000);
});

test("after it was empty, a line is as it was", () => {
  const line = new WaitLine(options);
  for (let now = 0; now <= 400; now += 100) {
    line.add(since(now));
    line.takeLate(now);
  }
  assert.ok(line.isStanding);
  while (line.next() !== undefined);
  assert.equal(line.isStanding, false);
  const [first, second] = [since(500), since(501)];
  line.add(first);
  line.add(second);
  assert.equal(line.next(), first);
});
