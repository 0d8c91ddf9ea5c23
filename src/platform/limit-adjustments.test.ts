import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { ManualClock } from "../kernel/index.ts";
import { someLimits } from "../../test/support/some-limits.ts";
import { LimitAdjustments, toAdjustments } from "./limit-adjustments.ts";

function fileOf(t: TestContext): string {
  return join(temporaryDirectory(t), "limits.json");
}

test("adjustments outlive the platform, and those whose time is over are dropped", async (t) => {
  const file = fileOf(t);
  const clock = new ManualClock(1_000);
  const adjustments = new LimitAdjustments(file, { clock });
  await adjustments.add({ limit: "all", rate: "5/second", until: 2_000 });
  await adjustments.add({ limit: "login", tier: "partner", rate: "unlimited", event: "sale" });
  assert.deepEqual(new LimitAdjustments(file, { clock }).all, adjustments.all);
  assert.equal(adjustments.all.length, 2);
  clock.advance(1_000);
  assert.deepEqual(
    adjustments.all.map(({ limit }) => limit),
    ["login"],
  );
  await adjustments.add({ limit: "all", rate: "6/second", from: 9_000, until: 9_500 });
  assert.doesNotMatch(readFileSync(file, "utf8"), /5\/second/);
});

test("one that can never hold again makes room; one that will hold again stays", async (t) => {
  const adjustments = new LimitAdjustments(fileOf(t), { clock: new ManualClock(0) });
  const rates = (): string[] => adjustments.all.map(({ rate }) => rate);
  await adjustments.add({ limit: "all", rate: "1/second", until: 10_000 });
  await adjustments.add({ limit: "all", rate: "2/second", until: 5_000 });
  await adjustments.add({ limit: "all", tier: "partner", rate: "3/second" });
  assert.deepEqual(rates(), ["1/second", "2/second", "3/second"]);
  await adjustments.add({ limit: "all", rate: "4/second", from: 5_000, until: 10_000 });
  assert.deepEqual(rates(), ["1/second", "2/second", "3/second", "4/second"]);
  await adjustments.add({ limit: "all", rate: "5/second" });
  assert.deepEqual(rates(), ["3/second", "5/second"]);
});

test("one that an event covers holds again when the event is taken back", async (t) => {
  const adjustments = new LimitAdjustments(fileOf(t), { clock: new ManualClock(0) });
  const rates = (): string[] => adjustments.all.map(({ rate }) => rate);
  await adjustments.add({ limit: "all", rate: "1/second" });
  await adjustments.add({ limit: "all", rate: "2/second", event: "sale" });
  await adjustments.add({ limit: "all", rate: "3/second", event: "sale" });
  assert.deepEqual(rates(), ["1/second", "3/second"]);
  await adjustments.remove(({ event }) => event === "sale");
  assert.deepEqual(rates(), ["1/second"]);
});

test("there is an end to how many are kept", async (t) => {
  const file = fileOf(t);
  const many = Array.from({ length: 1_000 }, (_, index) => ({ limit: `l${index}`, rate: "1/second" }));
  writeFileSync(file, JSON.stringify({ adjustments: many }));
  const adjustments = new LimitAdjustments(file);
  await assert.rejects(adjustments.add({ limit: "another", rate: "1/second" }), { code: "LIMIT_CHANGE_FULL" });
  await adjustments.add({ limit: "l7", rate: "2/second" });
  assert.equal(adjustments.all.length, 1_000);
});

test("what was said together is kept together, the last one last", async (t) => {
  const file = fileOf(t);
  const adjustments = new LimitAdjustments(file);
  await Promise.all([1, 2, 3, 4].map((n) => adjustments.add({ limit: `l${n}`, rate: `${n}/second` })));
  const removed = await adjustments.remove(({ limit }) => limit === "l2");
  assert.deepEqual(removed, [{ limit: "l2", rate: "2/second" }]);
  assert.deepEqual(
    new LimitAdjustments(file).all.map(({ limit }) => limit),
    ["l1", "l3", "l4"],
  );
});

test("what could not be kept does not hold, also when more is said meanwhile", async (t) => {
  const folder = temporaryDirectory(t);
  const file = join(folder, "not yet", "limits.json");
  writeFileSync(join(folder, "not yet"), "a file, where a folder is to be");
  const adjustments = new LimitAdjustments(file);
  const said = [1, 2].map((n) => adjustments.add({ limit: `l${n}`, rate: "1/second" }));
  for (const each of said) await assert.rejects(each, { code: "LIMIT_CHANGE_NOT_KEPT", message: /EEXIST|ENOTDIR/ });
  assert.deepEqual(adjustments.all, []);
});

test("a file that cannot be read adjusts nothing, and is said", (t) => {
  const file = fileOf(t);
  const lost: string[] = [];
  for (const content of ["{", "[]", "null", '{"adjustments":5}']) {
    writeFileSync(file, content);
    assert.deepEqual(new LimitAdjustments(file, { onLost: (why) => lost.push(why) }).all, []);
  }
  assert.equal(lost.length, 4);
  writeFileSync(file, '{"adjustments":[5,{"limit":"a"},{"limit":"a","rate":"1/second","until":"x"}]}');
  assert.deepEqual(new LimitAdjustments(file).all, []);
  // No dates: nobody could be told of them.
  writeFileSync(
    file,
    '{"adjustments":[{"limit":"a","rate":"1/second","until":1e400},{"limit":"a","rate":"1/second","from":-9e15}]}',
  );
  assert.deepEqual(new LimitAdjustments(file).all, []);
});

test("a rate means what its limit makes of it; where it means nothing it is left out", () => {
  const kept = [
    { limit: "all", rate: "5/second", until: 7 },
    { limit: "even", rate: "1/second" },
    { limit: "all", rate: "5/second burst 9" },
    { limit: "gone", rate: "5/second" },
    { limit: "all", tier: "gone", rate: "5/second" },
    { limit: "all", tier: "partner", rate: "unlimited", event: "sale" },
  ];
  assert.deepEqual(toAdjustments(kept, someLimits()), [
    { limit: "all", quota: { algorithm: "sliding-window", count: 5, windowMs: 1_000, burst: 5 }, until: 7 },
    { limit: "even", quota: { algorithm: "gcra", count: 1, windowMs: 1_000, burst: 30 } },
    { limit: "all", tier: "partner", quota: "unlimited", event: "sale" },
  ]);
});
