import assert from "node:assert/strict";
import { test } from "node:test";
import { nextShare } from "./dimmer.ts";

test("under pressure all are told within half a second, and no more than all", () => {
  let share = 0;
  for (let i = 0; i < 5; i++) share = nextShare(share, true);
  assert.equal(Math.round(share * 100), 100);
  assert.equal(nextShare(1, true), 1);
});

test("when there is room again, the share shrinks slowly, and to nothing", () => {
  let share = 1;
  for (let i = 0; i < 10; i++) share = nextShare(share, false);
  assert.ok(share > 0.7 && share < 0.9);
  for (let i = 0; i < 50; i++) share = nextShare(share, false);
  assert.equal(share, 0);
});
