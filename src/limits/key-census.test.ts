import assert from "node:assert/strict";
import { test } from "node:test";
import { GivenCaller } from "./given-caller.ts";
import { KeyCensus } from "./key-census.ts";
import { compileCallerKey } from "./key-sources.ts";
import { sliding } from "./stores/contract.ts";

const quota = sliding(10, 1_000);
const draw = (key: string) => ({ key, quota, amount: 1 });

test("made-up keys are counted in few cells when there are as many as there may be; who is known stays known", () => {
  const census = new KeyCensus((limit) => (limit === "api" ? 100 : 10));
  for (let i = 0; i < 100; i++) assert.equal(census.admit(draw(`api|${i}`), 0).key, `api|${i}`);
  const cells = new Set(Array.from({ length: 50_000 }, (_, i) => census.admit(draw(`api/gold|x${i}`), 10).key));
  assert.ok(cells.size <= 4_096);
  for (const cell of cells) assert.match(cell, /^api\/gold\|%~\d+$/);
  assert.equal(census.sizeOf("api"), 100);
  assert.equal(census.admit(draw("api|7"), 20).key, "api|7");
  assert.equal(census.admit(draw("other|7"), 20).key, "other|7");
});

test("who was not seen for as long as anything of him counts makes room", () => {
  const census = new KeyCensus(() => 2);
  census.admit(draw("api|a"), 0);
  census.admit(draw("api|b"), 0);
  census.admit(draw("api|a"), 1_500);
  assert.notEqual(census.admit(draw("api|c"), 1_900).key, "api|c");
  assert.equal(census.admit(draw("api|c"), 2_100).key, "api|c");
  assert.equal(census.admit(draw("api|a"), 2_100).key, "api|a");
  assert.notEqual(census.admit(draw("api|b"), 2_100).key, "api|b");
});

test("who is remembered for long does not keep room from others whose time is over", () => {
  const census = new KeyCensus(() => 10);
  census.admit({ ...draw("api/partner|a"), quota: sliding(10, 86_400_000) }, 0);
  for (let i = 0; i < 9; i++) census.admit(draw(`api|${i}`), 0);
  assert.equal(census.admit(draw("api|new"), 3_000).key, "api|new");
  assert.equal(census.admit(draw("api/partner|a"), 3_000).key, "api/partner|a");
  for (let i = 0; i < 100; i++) census.admit(draw(`api|later ${i}`), 3_000 * (i + 2));
  assert.ok(census.sizeOf("api") <= 10);
});

test("no caller can write the key of a cell", () => {
  const keyOf = compileCallerKey([{ source: "header", name: "x" }]);
  const census = new KeyCensus(() => 0);
  const cells = new Set(Array.from({ length: 50_000 }, (_, i) => census.admit(draw(`api|${i}`), 0).key));
  for (const x of ["%", "|", "%25", "%1", "1"])
    assert.ok(!cells.has(`api|${keyOf(new GivenCaller({ headers: { x } }))}`), x);
});
