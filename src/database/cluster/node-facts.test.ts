import assert from "node:assert/strict";
import { test } from "node:test";
import type { ServerIdentity } from "../pool/server-identity.ts";
import { addIdentity } from "./node-facts.ts";

const heard = (lsn: number, more: Partial<ServerIdentity> = {}): ServerIdentity => ({
  system: "7",
  version: 180_000,
  hasPooler: false,
  isStandby: true,
  timeline: 1,
  lsn,
  ...more,
});

test("what a server has reached grows, and answers that overtake each other change nothing", () => {
  const first = addIdentity(undefined, heard(10), { askedAt: 1, isNew: true });
  const second = addIdentity(first, heard(30), { askedAt: 3, isNew: false });
  assert.deepEqual(second.reached, { timeline: 1, lsn: 30 });
  const late = addIdentity(second, heard(20), { askedAt: 2, isNew: false });
  assert.deepEqual([late.reached.lsn, late.askedAt, late.epoch], [30, 3, 0]);
  const lateNew = addIdentity(second, heard(20), { askedAt: 2, isNew: true });
  assert.deepEqual([lateNew.reached.lsn, lateNew.epoch], [30, 0], "of two connections that were opened at once");
});

test("a new connection that tells of less is to a server that was started anew: nothing that was known holds", () => {
  const known = addIdentity(undefined, heard(30), { askedAt: 1, isNew: true });
  const anew = addIdentity(known, heard(20), { askedAt: 2, isNew: true });
  assert.deepEqual([anew.reached.lsn, anew.epoch], [20, 1]);
  const equal = addIdentity(known, heard(30), { askedAt: 2, isNew: true });
  assert.equal(equal.epoch, 0, "as far as it was: all that was known still holds");
});

test("a promotion goes on, a primary that becomes a standby begins anew", () => {
  const standby = addIdentity(undefined, heard(30), { askedAt: 1, isNew: true });
  const promoted = addIdentity(standby, heard(40, { isStandby: false, timeline: 2 }), { askedAt: 2, isNew: false });
  assert.deepEqual([promoted.role, promoted.reached.timeline, promoted.epoch], ["primary", 2, 0]);
  const rejoined = addIdentity(promoted, heard(50, { timeline: 3 }), { askedAt: 3, isNew: true });
  assert.deepEqual([rejoined.role, rejoined.epoch], ["standby", 1]);
});
