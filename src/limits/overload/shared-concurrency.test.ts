import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import type { LoadWindow } from "./load-window.ts";
import { SharedConcurrency } from "./shared-concurrency.ts";

/** Places of each, as they were told. */
function told(shared: SharedConcurrency<string>): {
  readonly places: Map<string, number>;
  tell(now: number, process: string, happened: Partial<LoadWindow>): void;
} {
  const places = new Map<string, number>();
  return {
    places,
    tell(now, process, happened) {
      for (const [each, limit] of shared.report(process, windowOf({ now, ...happened }))) places.set(each, limit);
    },
  };
}

const busy = { maxInFlight: 20, failures: 1, isContended: true };

test("all who lack places have the same, and a newcomer has his part with the next look", () => {
  const { places, tell } = told(new SharedConcurrency());
  tell(1_000, "a", busy);
  assert.equal(places.get("a"), 64);
  tell(1_001, "b", busy);
  for (const process of ["a", "b"]) tell(1_100, process, busy);
  assert.deepEqual([...places], [["a", 32], ["b", 32]]); // prettier-ignore
});

test("it is looked when all have told of a moment, or when one tells of the next", () => {
  const { places, tell } = told(new SharedConcurrency());
  for (const now of [1_000, 1_100]) for (const process of ["a", "b"]) tell(now, process, busy);
  tell(1_200, "a", { maxInFlight: 3 });
  assert.equal(places.get("b"), 32, "it waits for b");
  tell(1_300, "a", { maxInFlight: 3 });
  assert.equal(places.get("b"), 60);
});

test("a clock that is put back holds nothing up", () => {
  const { places, tell } = told(new SharedConcurrency());
  for (const now of [90_000, 90_100]) for (const process of ["a", "b"]) tell(now, process, busy);
  for (const now of [1_000, 1_100]) for (const process of ["a", "b"]) tell(now, process, { maxInFlight: 3 });
  for (const process of ["a", "b"]) tell(1_200, process, process === "a" ? busy : { maxInFlight: 3 });
  assert.equal(places.get("a"), 60);
});

test("who is silent wants nothing, and has one place; who has ended has none", () => {
  const shared = new SharedConcurrency<string>();
  const { places, tell } = told(shared);
  for (const now of [1_000, 1_100]) for (const process of ["a", "b", "c"]) tell(now, process, busy);
  assert.deepEqual(new Set(places.values()), new Set([22]));
  for (let now = 1_200; now < 1_800; now += 100) for (const process of ["a", "b"]) tell(now, process, busy);
  assert.equal(places.get("c"), 1);
  assert.equal(places.get("a"), 32);
  assert.deepEqual([...shared.leave("b")], [["a", 64]]);
});

test("what several have measured is looked at together", () => {
  const { places, tell } = told(new SharedConcurrency());
  // Each has half of the places; both together find that answers take as long as ever, with all that there are.
  for (let now = 1_000; now < 3_000; now += 100) {
    for (const process of ["a", "b"]) {
      const maxInFlight = places.get(process) ?? 32;
      tell(now, process, { answers: 30, answeredMs: 300, maxInFlight, isContended: true });
    }
  }
  assert.ok(places.get("a")! > 256, `${places.get("a")}`);
});

test("when the clock is set back, it is looked on", () => {
  const { places, tell } = told(new SharedConcurrency());
  for (const now of [3_600_000, 3_600_100]) for (const process of ["a", "b"]) tell(now, process, busy);
  assert.equal(places.get("b"), 32);
  for (const now of [1_000, 1_100, 1_200]) {
    tell(now, "a", { maxInFlight: 3 });
    tell(now, "b", busy);
  }
  assert.equal(places.get("b"), 60);
});

test("who lacks places while others have many gets of theirs, and there are no more than before", () => {
  const { places, tell } = told(new SharedConcurrency());
  for (const now of [1_000, 1_100]) for (const process of ["a", "b"]) tell(now, process, { maxInFlight: 3 });
  for (let now = 1_200; now < 3_000; now += 100) {
    tell(now, "a", { maxInFlight: 3 });
    tell(now, "b", { maxInFlight: 20, isContended: true });
  }
  assert.equal(places.get("a")! + places.get("b")!, 65);
});
