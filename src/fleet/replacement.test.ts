import assert from "node:assert/strict";
import { test } from "node:test";
import { chooseReplaced } from "./replacement.ts";
import { chooseLeaving } from "./scale-down.ts";

const now = 1_000_000;
const settleMs = 15_000;

/** `h`: healthy, `g`: for ten seconds, `u`: has answered for long that it is not, `v`: for ten seconds, `s`: is silent, `n`: not ready. */
function chosen(states: string): string | undefined {
  const instances = Array.from(states, (state, index) => ({
    index,
    isReady: state !== "n",
    isHealthy: state === "h" || state === "g",
    hasAnswered: state !== "s",
    judgedAt: state === "v" || state === "g" ? now - 10_000 : index,
  }));
  const choice = chooseReplaced(instances, now, settleMs);
  return choice === undefined ? undefined : `${choice.replaced.index} in ${choice.waitMs}`;
}

const table: readonly (readonly [states: string, choice: string | undefined, why: string])[] = [
  ["hhh", undefined, "nobody is unhealthy"],
  ["hu", "1 in 0", "another one is healthy, so it could be"],
  ["hv", "1 in 5000", "the other one may be about to say the same"],
  ["gu", "1 in 5000", "what they depend on is back: this one may be about to come back too"],
  ["ghu", "2 in 0", "one that comes back shows nothing new where another was well all the time"],
  ["uuu", undefined, "what they depend on is away: restarting mends nothing"],
  ["u", undefined, "the only one answers: it may come back"],
  ["s", "0 in 0", "the only one hangs: it will not come back"],
  ["us", "1 in 0", "one that hangs does not come back"],
  ["hvs", "2 in 0", "one that hangs is not waited for"],
  ["huu", "1 in 0", "who has been so for longest goes first"],
  ["un", undefined, "one that starts shows nothing yet"],
];

for (const [states, choice, why] of table) test(`${states}: ${why}`, () => assert.equal(chosen(states), choice));

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
