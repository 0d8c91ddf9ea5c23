import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../kernel/index.ts";
import type { CountedLimit, LimitDraw } from "./decider.ts";
import { parseKey } from "./counting/limit-key.ts";
import { SharedDecider } from "./shared-decider.ts";
import type { LimitStore } from "./store.ts";
import { sliding } from "./stores/contract.ts";
import { MemoryStore } from "./stores/memory.ts";

const quota = (count: number) => sliding(count, 60_000);

test("exact and leased limits of one request are decided together", async () => {
  const { decider } = setUp();
  const draws = (): LimitDraw[] => [draw("tenant|a", quota(100), "exact"), draw("user|a", quota(3), "leased")];
  for (let i = 2; i >= 0; i--) {
    const { verdict, states, isDecidedAway } = await decider.decide(draws());
    assert.deepEqual([verdict, isDecidedAway, states[1]!.remaining], ["admitted", false, i]);
    assert.equal(states[0]!.remaining, 97 + i);
  }
  const { verdict, states } = await decider.decide(draws());
  assert.equal(verdict, "exceeded");
  assert.equal(states[0], undefined);
  assert.ok(states[1]!.retryAfterMs > 0);
});

test("what an exact limit refuses costs nothing of a leased one", async () => {
  const { decider } = setUp();
  const draws = (): LimitDraw[] => [draw("user|a", quota(5), "leased"), draw("tenant|a", quota(2), "exact")];
  const verdicts = [];
  for (let i = 0; i < 20; i++) verdicts.push((await decider.decide(draws())).verdict);
  assert.equal(verdicts.filter((verdict) => verdict === "admitted").length, 2);
  const rest = [];
  for (let i = 0; i < 5; i++) rest.push((await decider.decide([draw("user|a", quota(5), "leased")])).verdict);
  assert.deepEqual(rest, ["admitted", "admitted", "admitted", "exceeded", "exceeded"]);
  await decider.stop();
});

test("while the store is away each limit does what it says, and nothing waits; then all is as before", async () => {
  for (const mode of ["exact", "leased"] as const) {
    const { decider, clock, fail } = setUp();
    decider.share(2);
    const decide = async (whenAway: CountedLimit["whenAway"]) =>
      (await decider.decide([draw(`${whenAway}|a`, quota(8), mode, whenAway)])).verdict;
    const decideMany = async (whenAway: CountedLimit["whenAway"]) => {
      const verdicts: string[] = [];
      for (let i = 0; i < 10; i++) verdicts.push(await decide(whenAway));
      return [...new Set(verdicts)].map((each) => `${verdicts.filter((verdict) => verdict === each).length} ${each}`);
    };
    fail(true);
    assert.deepEqual(await decideMany("open"), ["10 admitted"]);
    assert.deepEqual(await decideMany("local"), ["4 admitted", "6 exceeded"]);
    assert.deepEqual(await decideMany("closed"), ["10 away"]);
    assert.equal(decider.figures().isAway, true);
    fail(false);
    for (let i = 0; i < 20; i++) {
      clock.advance(10);
      await new Promise((resolve) => setImmediate(resolve));
    }
    assert.equal(decider.figures().isAway, false);
    assert.deepEqual(await decideMany("closed"), ["8 admitted", "2 exceeded"]);
    await decider.stop();
  }
});

test("what was leased before is spent while the store is away", async () => {
  const { decider, clock, fail } = setUp();
  const hot = () => decider.decide([draw("limit|hot", quota(1_000_000), "leased", "closed")]);
  for (let i = 0; i < 2_000; i++) {
    if (i % 4 === 0) clock.advance(1);
    await hot();
  }
  fail(true);
  const decision = hot();
  assert.ok(!(decision instanceof Promise) && decision.verdict === "admitted" && !decision.isDecidedAway);
  await decider.stop();
});

test("who is refused at one gateway is refused at another, too, whose table of callers is full", async () => {
  const memory = new MemoryStore({}, new ManualClock(1_000_000));
  const platform: LimitStore = {
    kind: "platform",
    decide: (draws) => memory.decide(draws),
    lease: (orders) => memory.lease(orders),
    stop: () => memory.stop(),
  };
  const [one, other] = [0, 1].map(() => new SharedDecider(platform, { maxKeysOf: () => 2 })) as [
    SharedDecider,
    SharedDecider,
  ];
  const ask = async (gateway: SharedDecider, caller: string): Promise<string> =>
    (await gateway.decide([draw(`login|${caller}`, quota(1), "leased")])).verdict;
  for (const caller of ["made-up-1", "made-up-2", "made-up-3"]) await ask(other, caller);
  assert.deepEqual([await ask(one, "victim"), await ask(one, "victim")], ["admitted", "exceeded"]);
  assert.equal(await ask(other, "victim"), "exceeded");
  await Promise.all([one.stop(), other.stop()]);
});

function setUp() {
  const clock = new ManualClock(1_000_000);
  const memory = new MemoryStore({}, clock);
  let isFailing = false;
  const check = (): Promise<void> => (isFailing ? Promise.reject(new Error("gone")) : Promise.resolve());
  const store: LimitStore = {
    kind: "redis",
    decide: (draws) => check().then(() => memory.decide(draws)),
    lease: (orders) => check().then(() => memory.lease(orders)),
    stop: () => memory.stop(),
  };
  return { decider: new SharedDecider(store, {}, clock), clock, fail: (now: boolean) => (isFailing = now) };
}

function draw(
  key: string,
  quota: LimitDraw["quota"],
  mode: CountedLimit["mode"],
  whenAway: CountedLimit["whenAway"] = "local",
): LimitDraw {
  return { ...parseKey(key), quota, amount: 1, limit: { name: key, mode, whenAway } };
}
