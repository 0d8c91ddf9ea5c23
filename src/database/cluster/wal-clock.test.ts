import assert from "node:assert/strict";
import { test } from "node:test";
import { WalClock } from "./wal-clock.ts";

const at = (lsn: number, timeline = 1) => ({ timeline, lsn });

test("what has been replayed is as old as the last moment at which the primary was no farther", () => {
  const clock = new WalClock();
  assert.equal(clock.ageMs(at(10), 100), Infinity);
  clock.mark(at(10), 100);
  clock.mark(at(20), 200);
  clock.mark(at(30), 300);
  assert.equal(clock.ageMs(at(9), 1_000), Infinity);
  assert.equal(clock.ageMs(at(10), 1_000), 900);
  assert.equal(clock.ageMs(at(25), 1_000), 800);
  assert.equal(clock.ageMs(at(99), 1_000), 700);
});

test("who lacked nothing when he was asked lags by nothing, however long ago that was", () => {
  const clock = new WalClock();
  clock.mark(at(10), 100);
  assert.equal(clock.lagMs(at(10), 100), 0);
  clock.mark(at(20), 200);
  assert.equal(clock.lagMs(at(10), 150), 0);
  assert.equal(clock.lagMs(at(10), 290), 90);
  assert.equal(clock.lagMs(at(20), 290), 0);
  assert.equal(clock.lagMs(at(20, 2), 290), Infinity);
});

test("while nothing is written, who has everything is as new as the last answer", () => {
  const clock = new WalClock();
  clock.mark(at(10), 100);
  clock.mark(at(10), 900);
  assert.equal(clock.ageMs(at(10), 1_000), 100);
});

test("a new timeline begins anew, and an old one says nothing more", () => {
  const clock = new WalClock();
  clock.mark(at(1_000), 100);
  clock.mark(at(10, 2), 200);
  clock.mark(at(2_000), 300);
  assert.equal(clock.ageMs(at(1_000), 1_000), Infinity);
  assert.equal(clock.ageMs(at(10, 2), 1_000), 800);
});

test("a long time is remembered with few marks", () => {
  const clock = new WalClock();
  for (let i = 0; i < 100_000; i++) clock.mark(at(i), i * 10);
  const now = 1_000_000;
  assert.ok(clock.ageMs(at(99_990), now) <= 200);
  const minutesAgo = clock.ageMs(at(70_000), now);
  assert.ok(minutesAgo >= 300_000 && minutesAgo < 310_000, `${minutesAgo}`);
});
