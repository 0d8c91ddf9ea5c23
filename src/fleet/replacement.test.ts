import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseReplaced } from "./replacement.ts";
import { chooseLeaving } from "./scale-down.ts";

/** `h`: healthy, `u`: answers that it is not, `s`: is silent, `n`: not ready. Older verdicts come first. */
function chosen(states: string): number | undefined {
  const instances = [...states].map((state, index) => ({
    index,
    isReady: state !== "n",
    isHealthy: state === "h",
    hasAnswered: state !== "s",
    unhealthySince: index,
  }));
  return chooseReplaced(instances)?.index;
}

const table: readonly (readonly [states: string, index: number | undefined, why: string])[] = [
  ["hhh", undefined, "nobody is unhealthy"],
  ["hu", 1, "another one is healthy, so it could be"],
  ["uuu", undefined, "what they depend on is away: restarting mends nothing"],
  ["u", undefined, "the only one answers: it may come back"],
  ["s", 0, "the only one hangs: it will not come back"],
  ["us", 1, "one that hangs does not come back"],
  ["huus", 3, "one that hangs goes first"],
  ["huu", 1, "then who has been so for longest"],
  ["un", undefined, "one that starts shows nothing yet"],
];

for (const [states, index, why] of table) test(`${states}: ${why}`, () => assert.equal(chosen(states), index));

test("scaling down takes those that serve nobody first, then the newest", () => {
  const instances = [
    { age: 0, isReady: true, isHealthy: true },
    { age: 1, isReady: false, isHealthy: false },
    { age: 2, isReady: true, isHealthy: false },
    { age: 3, isReady: true, isHealthy: true },
    { age: 4, isReady: true, isHealthy: true },
  ];
  const order = chooseLeaving(instances, 5).map(({ age }) => age);
  assert.deepEqual(order, [1, 2, 4, 3, 0]);
  assert.deepEqual(chooseLeaving(instances, 0), []);
});
