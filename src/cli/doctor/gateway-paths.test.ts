import assert from "node:assert/strict";
import { test } from "node:test";
import { pathFindings } from "./gateway-paths.ts";

const paths = (fast: number, full: number, handedOver: Readonly<Record<string, number>> = {}) => ({
  fast,
  full,
  handedOver,
});

test("the paths of all gateways are added up, in words and in numbers", () => {
  const [first, ...reasons] = pathFindings([paths(9_000, 20, { upgrade: 3 }), paths(977, 3, { upgrade: 1 })], true);
  assert.equal(first!.found, "fast path 9,977 requests (99.8 %), full path 23 requests (0.2 %)");
  assert.deepEqual(first!.facts, { fast: 9_977, full: 23 });
  assert.deepEqual(
    reasons.map(({ check, verdict, facts }) => ({ check, verdict, facts })),
    [{ check: "full path, upgrade", verdict: "ok", facts: { connections: 4 } }],
  );
});

test("what can be done is said where the full path serves more than a few, the most frequent reason first", () => {
  const handedOver = { upgrade: 2, "http-version": 10, "transfer-encoding": 40 };
  const found = pathFindings([paths(50, 50, handedOver)], true).slice(1);
  assert.deepEqual(
    found.map(({ check, verdict }) => [check, verdict]),
    [
      ["full path, transfer-encoding", "warning"],
      ["full path, http-version", "warning"],
      ["full path, upgrade", "ok"],
    ],
  );
  assert.match(found[0]!.fix!, /Content-Length/);
  assert.match(found[1]!.fix!, /HTTP\/1\.1/);
  assert.equal(found[2]!.fix, undefined);
  for (const { verdict } of pathFindings([paths(9_950, 50, handedOver)], true)) assert.equal(verdict, "ok");
});

test("a reason that nobody explained yet is shown all the same, whatever its name", () => {
  const found = pathFindings([paths(0, 5, { "two-hosts": 1, constructor: 1 })], true).slice(1);
  assert.deepEqual(
    found.map(({ found }) => found),
    Array.from({ length: 2 }, () => "1 connection: requests that only the full path reads"),
  );
});

test("no request, no fast path and no gateway are each said as what they are", () => {
  assert.equal(pathFindings([paths(0, 0)], true)[0]!.found, "no request yet");
  assert.match(pathFindings([paths(0, 7)], false)[0]!.found, /off \(gateway\.fastPath\): 7 requests/);
  assert.equal(pathFindings([], true)[0]!.verdict, "warning");
});
