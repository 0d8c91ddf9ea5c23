/** Services that are not overloaded, whatever they look like, and such as go wrong: the limit must not be what hurts them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { always, exponentially } from "../../../test/support/overload/chance.ts";
import { adaptive, answeredShare } from "../../../test/support/overload/services.ts";
import { type Outcome, type Scenario, simulate } from "../../../test/support/overload/simulation.ts";

const eachWay = (scenario: Omit<Scenario, "policy">, check: (outcome: Outcome) => void): void => {
  for (const gateways of [1, 2]) check(simulate({ ...scenario, gateways, policy: adaptive }));
};

function assertAnswered(outcome: Outcome, from: number, to: number, least = 0.999): void {
  for (const demand of outcome.asked.keys()) {
    const share = answeredShare(outcome, demand, from, to);
    assert.ok(share >= least, `${share} of demand ${demand}`);
  }
}

test("quick and slow routes beside each other", () => {
  const demands = [
    { perSecond: 50, work: always(1), path: "/quick" },
    { perSecond: 16, work: always(500), path: "/slow", timeoutMs: 5_000 },
  ];
  // By chance there may be more to do than ten servers can.
  eachWay({ servers: 10, demands, seconds: 30 }, (outcome) => assertAnswered(outcome, 0, 28, 0.99));
});

test("long polls of 30 s beside quick routes", () => {
  const demands = [
    { perSecond: 100, work: always(5), path: "/quick" },
    { perSecond: 16, work: always(30_000), path: "/poll", isIdle: true, timeoutMs: 60_000 },
  ];
  eachWay({ servers: 2, demands, seconds: 90 }, (outcome) => assertAnswered(outcome, 0, 55, 0.98));
});

test("a slow service that does much at once, from its first moment and as a burst", () => {
  const demand = { perSecond: 600, work: always(500), timeoutMs: 5_000 };
  eachWay({ servers: 1_000, demands: [demand], seconds: 15 }, (outcome) => assertAnswered(outcome, 0, 14));
  const burst = { ...demand, perSecond: (now: number) => (now < 10_000 ? 10 : 600) };
  eachWay({ servers: 1_000, demands: [burst], seconds: 20 }, (outcome) => {
    assertAnswered(outcome, 0, 10);
    assertAnswered(outcome, 13, 19);
  });
});

test("a crowd at a slow route, of a service that has answered quickly before", () => {
  for (const before of [5, 50]) {
    const until = (end: number, perSecond: number, otherwise: number) => (now: number) =>
      now < end ? perSecond : otherwise;
    const demands = [
      { perSecond: until(5_000, before, 0), work: always(300), path: "/quick", timeoutMs: 20_000 },
      { perSecond: until(5_000, 0, 150), work: always(2_000), path: "/slow", timeoutMs: 20_000 },
    ];
    const outcome = simulate({ servers: 5_000, demands, seconds: 25, policy: adaptive });
    assert.ok(answeredShare(outcome, 1, 5, 20) >= 0.999, `${answeredShare(outcome, 1, 5, 20)}`);
  }
});

test("a trivial service at 20 000 requests a second", () => {
  const demands = [{ perSecond: 20_000, work: always(0.04) }];
  eachWay({ servers: 1, demands, seconds: 3 }, (outcome) => assertAnswered(outcome, 0, 2));
});

test("clients most of whose requests they take back soon, as whoever types on", () => {
  const work = always(300);
  const demands = [
    { perSecond: 40, work, timeoutMs: 5_000 },
    { perSecond: 200, work, timeoutMs: 100 },
  ];
  eachWay({ servers: 1_000, demands, seconds: 20 }, (outcome) => {
    assert.ok(answeredShare(outcome, 0, 0, 18) >= 0.999);
  });
});

test("clients that give up long before most answers of a service that has room for all", () => {
  const demands = [{ perSecond: 30, work: exponentially(20_000), timeoutMs: 10_000 }];
  eachWay({ servers: 100_000, demands, seconds: 60 }, (outcome) => {
    assertAnswered(outcome, 0, 50, 0.9 * (1 - Math.exp(-0.5)));
  });
});

test("pauses of the garbage collector", () => {
  const events = Array.from({ length: 9 }, (_, i) => ({
    atMs: i * 3_000 + 1_000,
    act: (service: { pause(ms: number): void }) => service.pause(300),
  }));
  const demands = [{ perSecond: 140, work: always(5) }];
  eachWay({ servers: 1, demands, seconds: 30, events }, (outcome) => assertAnswered(outcome, 0, 29, 0.98));
});

test("after a cold start in which all is slow, nothing is left of it", () => {
  const events = [10, 1].map((slowness, i) => ({
    atMs: i * 3_000,
    act: ({ stations }: { readonly stations: readonly { slowness: number }[] }) =>
      void (stations[0]!.slowness = slowness),
  }));
  const demands = [{ perSecond: 100, work: always(5) }];
  eachWay({ servers: 1, demands, seconds: 20, events }, (outcome) => assertAnswered(outcome, 5, 19));
});

test("after a stop of 3 s, and after 6 s in which all failed", () => {
  const demand = { perSecond: 300, work: always(20) };
  const events = [{ atMs: 5_000, act: (service: { pause(ms: number): void }) => service.pause(3_000) }];
  eachWay({ servers: 10, demands: [demand], seconds: 20, events }, (outcome) => assertAnswered(outcome, 13, 19));
  const failing = (now: number): number => (now > 5_000 && now < 11_000 ? 1 : 0);
  eachWay({ servers: 10, demands: [{ ...demand, failing }], seconds: 20 }, (outcome) =>
    assertAnswered(outcome, 12, 19),
  );
});

test("time-outs alone bring the limit down, and when the service is well again it answers all", () => {
  const events = [300, 1].map((slowness, i) => ({
    atMs: 8_000 + i * 10_000,
    act: ({ stations }: { readonly stations: readonly { slowness: number }[] }) =>
      void (stations[0]!.slowness = slowness),
  }));
  const demands = [{ perSecond: 100, work: always(5) }];
  eachWay({ servers: 1, demands, seconds: 40, events }, (outcome) => {
    assert.ok(Math.min(...outcome.limits.slice(80, 180)) <= 8);
    assertAnswered(outcome, 22, 39);
  });
});

test("after time-outs that have left each of many gateways one place, all is answered again soon", () => {
  const events = [30, 1].map((slowness, i) => ({
    atMs: 8_000 + i * 6_000,
    act: ({ stations }: { readonly stations: readonly { slowness: number }[] }) =>
      void (stations[0]!.slowness = slowness),
  }));
  const demands = [{ perSecond: 200, work: always(100) }];
  for (const gateways of [3, 4, 8]) {
    const outcome = simulate({ servers: 2_000, demands, seconds: 30, events, gateways, policy: adaptive });
    assertAnswered(outcome, 20, 29, 0.98);
  }
});

test("answers that take long, and some much longer than others: what few of them have shown at first is soon corrected", () => {
  const demands = [{ perSecond: 200, work: exponentially(1_000), timeoutMs: 30_000 }];
  eachWay({ servers: 10_000, demands, seconds: 40 }, (outcome) => {
    assertAnswered(outcome, 10, 28, 0.98);
    assert.ok(outcome.shed < 200 * 5, `${outcome.shed}`);
  });
});
