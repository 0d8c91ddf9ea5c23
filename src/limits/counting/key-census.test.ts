import assert from "node:assert/strict";
import { test } from "node:test";
import { GivenCaller } from "../callers/given-caller.ts";
import { KeyCensus } from "./key-census.ts";
import { compileCallerKey } from "../callers/key-sources.ts";
import { parseKey } from "./limit-key.ts";
import { sliding } from "../stores/contract.ts";

const quota = sliding(10, 1_000);
const admit = (census: KeyCensus, key: string, now: number): string => census.admit(parseKey(key), quota, now);

test("made-up keys are counted in few cells when there are as many as there may be; who is known stays known", () => {
  const census = new KeyCensus((limit) => (limit === "api" ? 100 : 10));
  for (let i = 0; i < 100; i++) assert.equal(admit(census, `api|${i}`, 0), `api|${i}`);
  const cells = new Set(Array.from({ length: 50_000 }, (_, i) => admit(census, `api/gold|x${i}`, 10)));
  assert.ok(cells.size <= 4_096);
  for (const cell of cells) assert.match(cell, /^api\/gold\|%~\d+$/);
  assert.equal(census.sizeOf("api"), 100);
  assert.equal(admit(census, "api|7", 20), "api|7");
  assert.equal(admit(census, "other|7", 20), "other|7");
});

test("who was not seen for as long as anything of him counts makes room", () => {
  const census = new KeyCensus(() => 2);
  admit(census, "api|a", 0);
  admit(census, "api|b", 0);
  admit(census, "api|a", 1_500);
  assert.notEqual(admit(census, "api|c", 1_900), "api|c");
  assert.equal(admit(census, "api|c", 2_100), "api|c");
  assert.equal(admit(census, "api|a", 2_100), "api|a");
  assert.notEqual(admit(census, "api|b", 2_100), "api|b");
});

test("who is remembered for long does not keep room from others whose time is over", () => {
  const census = new KeyCensus(() => 10);
  census.admit(parseKey("api/partner|a"), sliding(10, 86_400_000), 0);
  for (let i = 0; i < 9; i++) admit(census, `api|${i}`, 0);
  assert.equal(admit(census, "api|new", 3_000), "api|new");
  assert.equal(admit(census, "api/partner|a", 3_000), "api/partner|a");
  for (let i = 0; i < 100; i++) admit(census, `api|later ${i}`, 3_000 * (i + 2));
  assert.ok(census.sizeOf("api") <= 10);
});

test("no caller can write the key of a cell", () => {
  const keyOf = compileCallerKey([{ source: "header", name: "x" }]);
  const census = new KeyCensus(() => 0);
  const cells = new Set(Array.from({ length: 50_000 }, (_, i) => admit(census, `api|${i}`, 0)));
  for (const x of ["%", "|", "%25", "%1", "1"])
    assert.ok(!cells.has(`api|${keyOf(new GivenCaller({ headers: { x } }))}`), x);
});
