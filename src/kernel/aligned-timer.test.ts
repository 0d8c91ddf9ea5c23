import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { everyAligned } from "./aligned-timer.ts";

test("it acts at whole multiples, however late it began, and not after its end", () => {
  mock.timers.enable({ apis: ["setTimeout", "Date"], now: 1_000_030 });
  try {
    const moments: number[] = [];
    const end = everyAligned(100, () => moments.push(Date.now()));
    for (let i = 0; i < 300; i++) mock.timers.tick(1);
    assert.deepEqual(moments, [1_000_100, 1_000_200, 1_000_300]);
    end();
    for (let i = 0; i < 300; i++) mock.timers.tick(1);
    assert.equal(moments.length, 3);
  } finally {
    mock.timers.reset();
  }
});
