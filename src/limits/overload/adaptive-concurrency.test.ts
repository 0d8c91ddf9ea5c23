/**
 * The policy, in a simulation of services behind the gateway's gate (test/support/overload): what is wanted of it when there is too much to do. Chance is seeded:
 * each run is the same.
 */
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import {
  answeredShare,
  goodput,
  kinds,
  meanLimit,
  simulateKind,
  unlimited,
} from "../../../test/support/overload/services.ts";
import { AdaptiveConcurrency } from "./adaptive-concurrency.ts";

for (const kind of kinds) {
  const { name, capacity, work } = kind;
  describe(name, () => {
    for (const gateways of [1, 2]) {
      const among = gateways === 1 ? "one gateway" : `${gateways} gateways`;
      for (const times of [2, 5, 10]) {
        test(`at ${times} times capacity goodput stays (${among})`, () => {
          const outcome = simulateKind(kind, [{ perSecond: capacity * times, work }], { seconds: 15, gateways });
          const share = goodput(outcome, 3, 14) / capacity;
          assert.ok(share >= 0.9, `${share}`);
        });
      }

      test(`below 80 % of capacity nothing is shed (${among})`, () => {
        const outcome = simulateKind(kind, [{ perSecond: capacity * 0.78, work }], { seconds: 30, gateways });
        assert.equal(outcome.shed, 0);
        assert.ok(answeredShare(outcome, 0, 0, 28) > 0.999);
      });

      test(`when it becomes half as fast the limit settles within 3 s, and recovers (${among})`, () => {
        const slowness = (value: number) => (service: { readonly stations: readonly { slowness: number }[] }) =>
          service.stations.forEach((station) => (station.slowness = value));
        const outcome = simulateKind(kind, [{ perSecond: capacity * 2, work }], {
          seconds: 34,
          gateways,
          events: [
            { atMs: 9_000, act: slowness(2) },
            { atMs: 22_000, act: slowness(1) },
          ],
        });
        const shares = [goodput(outcome, 12, 22) * 2, goodput(outcome, 25, 33)].map((each) => each / capacity);
        for (const share of shares) assert.ok(share >= 0.88, shares.join());
      });
    }

    test("critical requests are answered while their own demand is under 90 % of capacity", () => {
      for (const times of [2, 5, 10]) {
        const demands = [
          { perSecond: capacity * 0.8, work, rank: 0 },
          { perSecond: capacity * (times - 0.8), work, rank: 1 },
        ];
        const share = answeredShare(simulateKind(kind, demands, { seconds: 20 }), 0, 3, 19);
        assert.ok(share >= 0.999, `${share} at ${times} times`);
      }
    });

    test("a retry storm takes little of goodput", () => {
      const outcome = simulateKind(kind, [{ perSecond: capacity * 3, work, retries: 3 }], { seconds: 15 });
      assert.ok(goodput(outcome, 3, 14) >= 0.9 * capacity);
    });

    test("without a limit it collapses", () => {
      const demands = [{ perSecond: capacity * 2, work }];
      const outcome = simulateKind(kind, demands, { seconds: 10, policy: unlimited });
      assert.ok(goodput(outcome, 4, 9) < 0.1 * capacity);
    });
  });
}

test("a service that lets some wait until they give up, as Node does when connections come faster than it accepts them, is seen through", () => {
  for (const kind of kinds.filter(({ servers }) => servers === 1)) {
    const { work, capacity, upstreams } = kind;
    for (const times of [2, 5]) {
      const from =
        (perSecond: number) =>
        (now: number): number =>
          now < 3_000 ? 0 : perSecond;
      const demands = [
        { perSecond: from(capacity * 0.75), work, rank: 0, path: "/critical" },
        { perSecond: from(capacity * (times - 0.75)), work, path: "/" },
        { clients: 1, work, path: "/" },
      ];
      const outcome = simulateKind(kind, demands, { seconds: 30, hasConnections: true });
      const share = answeredShare(outcome, 0, 15, 29);
      assert.ok(share >= 0.99, `${share} at ${times} times, ${kind.name}`);
      assert.ok(meanLimit(outcome, 15, 29) < 24 * upstreams, `${meanLimit(outcome, 15, 29)}`);
    }
  }
});

test("in 10 minutes the limit does not drift, whether the service changes slowly or not", () => {
  for (const kind of kinds.filter(({ upstreams }) => upstreams === 1)) {
    const { name, capacity, work } = kind;
    const demands = [{ perSecond: capacity * 1.5, work }];
    const steady = simulateKind(kind, demands, { seconds: 600 });
    const drift = meanLimit(steady, 540, 600) / meanLimit(steady, 30, 90);
    assert.ok(drift > 0.4 && drift < 2.5, `${name}: ${drift}`);
    for (const [from, to] of [
      [3, 599],
      [540, 599],
    ] as const)
      assert.ok(goodput(steady, from, to) >= 0.95 * capacity, name);
    const events = Array.from({ length: 600 }, (_, second) => ({
      atMs: second * 1_000,
      act: ({ stations }: { readonly stations: readonly { slowness: number }[] }) =>
        stations.forEach((station) => (station.slowness = 1 + second / 1_200)),
    }));
    const slower = simulateKind(kind, demands, { seconds: 600, events });
    for (let from = 5; from < 570; from += 20) {
      const share = (goodput(slower, from, from + 20) / capacity) * (1 + (from + 10) / 1_200);
      assert.ok(share >= 0.9, `${name}, after ${from} s: ${share}`);
    }
  }
});

test("capacity that halves as servers go is found, and found again", () => {
  for (const kind of kinds) {
    const { name, capacity, work } = kind;
    const outcome = simulateKind(kind, [{ perSecond: capacity * 4, work }], {
      seconds: 34,
      servers: kind.servers * 2,
      events: [
        { atMs: 9_000, act: ({ stations }) => stations.forEach((station) => (station.servers /= 2)) },
        { atMs: 22_000, act: ({ stations }) => stations.forEach((station) => (station.servers *= 2)) },
      ],
    });
    const shares = [goodput(outcome, 12, 22), goodput(outcome, 25, 33) / 2].map((each) => each / capacity);
    for (const share of shares) assert.ok(share >= 0.9, `${name}: ${shares.join()}`);
  }
});

test("instances that share a pool of connections are found to have one", () => {
  for (const gateways of [1, 2]) {
    const shared = { ...kinds.find(({ servers, upstreams }) => servers === 10 && upstreams === 2)!, capacity: 500 };
    const demands = [{ perSecond: shared.capacity * 5, work: shared.work }];
    const share = goodput(simulateKind(shared, demands, { seconds: 20, isShared: true, gateways }), 3, 19) / 500;
    assert.ok(share >= 0.9, `${share}`);
  }
});

test("new upstreams have more places at once, fewer have fewer", () => {
  const policy = new AdaptiveConcurrency();
  const before = policy.limit;
  policy.observe(windowOf({ upstreams: 4 }));
  assert.equal(policy.limit, 4 * before);
  policy.observe(windowOf({ upstreams: 0 }));
  assert.equal(policy.limit, 4 * before, "none can be told from all being away for a moment");
  policy.observe(windowOf({ upstreams: 2 }));
  assert.equal(policy.limit, 2 * before);
});

test("there is always one place for each upstream, and one for each process", () => {
  for (const [upstreams, processes, least] of [
    [1, 1, 1],
    [4, 1, 4],
    [4, 2, 4],
    [1, 4, 4],
  ] as const) {
    const policy = new AdaptiveConcurrency();
    for (let now = 0; now < 60_000; now += 100) {
      const lost = { abandoned: 5, abandonedMs: 10_000, maxInFlight: policy.limit, isContended: true };
      policy.observe(windowOf({ now, upstreams, ...lost }), processes);
      assert.ok(policy.limit >= least);
    }
    assert.equal(policy.limit, least);
  }
});
