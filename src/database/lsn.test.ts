import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { endOfLastRecord, formatLsn, hasReached, laterOf, parseLsn } from "./lsn.ts";

test("an LSN is read and written as Postgres does", () => {
  assert.equal(parseLsn("0/0"), 0);
  assert.equal(parseLsn("16/B374D848"), 0x16_b374_d848);
  assert.equal(formatLsn(0x16_b374_d848), "16/B374D848");
  for (const text of ["", "16", "16/", "/0", "1/2/3", "G/0", "123456789/0", " 0/0"]) {
    assert.equal(parseLsn(text), undefined, text);
  }
  fc.assert(fc.property(fc.maxSafeNat(), (lsn) => parseLsn(formatLsn(lsn)) === lsn));
});

test("behind a full page nothing is written yet", () => {
  assert.equal(endOfLastRecord(5 * 8_192 + 24), 5 * 8_192);
  assert.equal(endOfLastRecord(0x100_0000 + 40), 0x100_0000);
  assert.equal(endOfLastRecord(5 * 8_192 + 32), 5 * 8_192 + 32);
  assert.equal(endOfLastRecord(5 * 8_192), 5 * 8_192);
});

test("positions of different timelines are not compared", () => {
  const floor = { timeline: 2, lsn: 100 };
  assert.equal(hasReached({ timeline: 2, lsn: 100 }, floor), true);
  assert.equal(hasReached({ timeline: 2, lsn: 99 }, floor), false);
  assert.equal(hasReached({ timeline: 1, lsn: 1_000 }, floor), false);
  assert.equal(hasReached({ timeline: 3, lsn: 1_000 }, floor), false);
});

test("the later position is on the higher timeline, and there the farther one", () => {
  const [early, late, next] = [
    { timeline: 1, lsn: 5 },
    { timeline: 1, lsn: 9 },
    { timeline: 2, lsn: 1 },
  ];
  assert.equal(laterOf(undefined, early), early);
  assert.equal(laterOf(early, late), late);
  assert.equal(laterOf(late, early), late);
  assert.equal(laterOf(late, next), next);
  assert.equal(laterOf(next, late), next);
});
