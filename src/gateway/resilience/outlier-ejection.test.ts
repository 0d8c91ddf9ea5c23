import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  createOutlierRecord,
  isEjected,
  isInRotation,
  outlierDefaults,
  recordFailure,
  recordSuccess,
  type Standing,
} from "./outlier-ejection.ts";

type Upstream = { -readonly [Key in keyof Standing]: Standing[Key] };

const fleetOf = (size: number): Upstream[] =>
  Array.from({ length: size }, () => ({ draining: false, healthy: true, outlier: createOutlierRecord() }));

/** Five failures in a row; whether the last one ejected. */
function failFully(upstream: Standing, upstreams: readonly Standing[], now: number): boolean {
  for (let i = 1; i < outlierDefaults.consecutiveFailures; i++) recordFailure(upstream, upstreams, now);
  return recordFailure(upstream, upstreams, now);
}

test("five failures in a row eject for thirty seconds", () => {
  const fleet = fleetOf(3);
  const [bad] = fleet;
  const ejected = [1, 2, 3, 4, 5].map(() => recordFailure(bad!, fleet, 1_000));
  assert.deepEqual(ejected, [false, false, false, false, true]);
  assert.equal(isEjected(bad!.outlier, 30_999), true);
  assert.equal(isEjected(bad!.outlier, 31_000), false);
});

test("a success in between starts the count anew", () => {
  const fleet = fleetOf(3);
  for (let i = 0; i < 20; i++) {
    if (i % 5 === 4) recordSuccess(fleet[0]!.outlier);
    else assert.equal(recordFailure(fleet[0]!, fleet, i), false);
  }
});

test("each further ejection takes longer, up to five minutes", () => {
  const fleet = fleetOf(2);
  const [bad] = fleet;
  const lengths: number[] = [];
  let now = 0;
  for (let i = 0; i < 12; i++) {
    failFully(bad!, fleet, now);
    lengths.push((bad!.outlier.ejectedUntil - now) / 1_000);
    now = bad!.outlier.ejectedUntil;
  }
  assert.deepEqual(lengths, [30, 60, 90, 120, 150, 180, 210, 240, 270, 300, 300, 300]);
});

test("ten seconds in rotation make up for one ejection", () => {
  const fleet = fleetOf(2);
  const [bad] = fleet;
  let now = 0;
  for (let i = 0; i < 3; i++) {
    failFully(bad!, fleet, now);
    now = bad!.outlier.ejectedUntil;
  }
  now += 20_000;
  failFully(bad!, fleet, now);
  assert.equal(bad!.outlier.ejectedUntil - now, 60_000, "as a second ejection");
  now = bad!.outlier.ejectedUntil + 3_600_000;
  failFully(bad!, fleet, now);
  assert.equal(bad!.outlier.ejectedUntil - now, 30_000, "as a first one");
});

test("a tenth of the upstreams may be ejected, and one always may", () => {
  const table: [number, number][] = [
    [1, 0],
    [2, 1],
    [5, 1],
    [10, 1],
    [19, 1],
    [20, 2],
    [50, 5],
  ];
  for (const [size, allowed] of table) {
    const fleet = fleetOf(size);
    for (const upstream of fleet) failFully(upstream, fleet, 0);
    const ejected = fleet.filter(({ outlier }) => isEjected(outlier, 0)).length;
    assert.equal(ejected, allowed, `${ejected} of ${size}`);
  }
});

test("the last one in rotation stays, whatever keeps the others out", () => {
  const [bad, other] = fleetOf(2);
  const fleet = [bad!, other!];
  other!.healthy = false;
  assert.equal(failFully(bad!, fleet, 0), false);
  other!.healthy = true;
  other!.draining = true;
  assert.equal(recordFailure(bad!, fleet, 0), false);
  other!.draining = false;
  assert.equal(recordFailure(bad!, fleet, 0), true, "a refused ejection keeps the count");
});

test("failures that arrive during the ejection do not prolong it or count afterwards", () => {
  const fleet = fleetOf(2);
  const [bad] = fleet;
  failFully(bad!, fleet, 0);
  for (let i = 0; i < 10; i++) recordFailure(bad!, fleet, 29_999);
  assert.equal(bad!.outlier.ejectedUntil, 30_000);
  assert.equal(recordFailure(bad!, fleet, 30_000), false);
  assert.equal(bad!.outlier.failures, 1);
});

test("jitter is added once", () => {
  const fleet = fleetOf(2);
  const policy = { ...outlierDefaults, consecutiveFailures: 1, jitterMs: 5_000 };
  recordFailure(fleet[0]!, fleet, 0, policy, () => 0.5);
  assert.equal(fleet[0]!.outlier.ejectedUntil, 32_500);
});

test("whatever happens, someone of those who serve stays in rotation, and at most a tenth, or one, is ejected", () => {
  const event = fc.record({ who: fc.nat(29), passedMs: fc.nat(20_000), isFailure: fc.boolean(), times: fc.nat(6) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(event, { maxLength: 100 }), (size, events) => {
      const fleet = fleetOf(size);
      let now = 0;
      for (const { who, passedMs, isFailure, times } of events) {
        now += passedMs;
        const upstream = fleet[who % size]!;
        for (let i = 0; i < times; i++) {
          if (isFailure) recordFailure(upstream, fleet, now);
          else recordSuccess(upstream.outlier);
        }
        const ejected = fleet.filter(({ outlier }) => isEjected(outlier, now)).length;
        assert.ok(ejected <= Math.max(1, Math.floor(size / 10)));
        assert.ok(fleet.some((each) => isInRotation(each, now)));
      }
    }),
  );
});
