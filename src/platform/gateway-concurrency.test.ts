import assert from "node:assert/strict";
import { test } from "node:test";
import { windowOf } from "../../test/support/overload/load-window.ts";
import { GatewayConcurrency } from "./gateway-concurrency.ts";

class Keeper {
  readonly places: Record<string, number> = {};
  limitConcurrency(service: string, limit: number): void {
    this.places[service] = limit;
  }
}

test("of each service every gateway has its part; of what leaves the snapshot nothing is remembered", () => {
  const concurrency = new GatewayConcurrency();
  const [one, other] = [new Keeper(), new Keeper()];
  const tell = (now: number, service: string): void => {
    for (const keeper of [one, other]) {
      const limit = keeper.places[service] ?? 64;
      concurrency.report(keeper, service, windowOf({ now, maxInFlight: 9, failures: 1, isContended: true }), limit);
    }
  };
  for (const now of [1_000, 1_100]) tell(now, "api");
  for (const now of [1_000, 1_100]) tell(now, "mail");
  assert.deepEqual(one.places, { api: 32, mail: 32 });
  concurrency.keep(["api"]);
  concurrency.leave(other);
  assert.deepEqual(one.places, { api: 64, mail: 32 });
});

test("who has forgotten what it was told is told again", () => {
  const concurrency = new GatewayConcurrency();
  const [one, other] = [new Keeper(), new Keeper()];
  const tell = (now: number, limit: number): void => {
    for (const keeper of [one, other]) concurrency.report(keeper, "api", windowOf({ now, maxInFlight: 9 }), limit);
  };
  for (const now of [1_000, 1_100]) tell(now, 32);
  delete one.places["api"];
  tell(1_200, 32);
  assert.deepEqual(one.places, {});
  tell(1_300, 22);
  assert.deepEqual(one.places, { api: 32 });
});
