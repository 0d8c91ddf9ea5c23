import assert from "node:assert/strict";
import { test } from "node:test";
import { always } from "../../../test/support/overload/chance.ts";
import { adaptive, answeredShare, goodput } from "../../../test/support/overload/services.ts";
import { type Demand, simulate } from "../../../test/support/overload/simulation.ts";

const until = (end: number, perSecond: number) => (now: number) => (now < end ? perSecond : 0);

test("a crowd with places for all, in a queue inside the service, waits at the gateway, and who is critical passes it", () => {
  for (const gateways of [1, 2]) {
    const demands: Demand[] = [
      { perSecond: until(10_000, 20), work: always(5) },
      { clients: 50, fromMs: 10_000, work: always(5), timeoutMs: 10_000 },
      { perSecond: (now) => (now < 20_000 ? 0 : 20), work: always(5), rank: 0 },
    ];
    const outcome = simulate({ servers: 1, hasConnections: true, demands, seconds: 40, gateways, policy: adaptive });
    const criticalMs = outcome.answeredMs[2]!.slice(20, 39).reduce((all, each) => all + each, 0);
    const critical = outcome.answered[2]!.slice(20, 39).reduce((all, each) => all + each, 0);
    assert.ok(criticalMs / critical < 75, `${criticalMs / critical} ms`);
    assert.ok(answeredShare(outcome, 2, 20, 39) > 0.999);
    assert.ok(goodput(outcome, 15, 39, [1, 2]) > 190);
  }
});

test("a crowd that is served at once, and slowly, is looked into seldom, and loses little", () => {
  for (const gateways of [1, 2]) {
    const demands: Demand[] = [
      { perSecond: until(10_000, 20), work: always(20) },
      { clients: 50, fromMs: 10_000, work: always(300), timeoutMs: 10_000 },
    ];
    const outcome = simulate({ servers: 1_000, demands, seconds: 100, gateways, policy: adaptive });
    assert.ok(goodput(outcome, 11, 99, [1]) > 0.96 * (50 / 0.3005), `${goodput(outcome, 11, 99, [1])}`);
    assert.ok(outcome.limits.every((limit) => limit >= 20));
  }
});
