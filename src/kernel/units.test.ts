import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatBytes, formatDuration, formatPercent, parseBytes, parseDuration, parsePercent } from "./units.ts";

test("durations are read in every unit", () => {
  const table: [string, number | undefined][] = [
    ["250ms", 250],
    ["5s", 5_000],
    ["1.5m", 90_000],
    ["2h", 7_200_000],
    ["7d", 604_800_000],
    ["5 s", 5_000],
    ["5", undefined],
    ["-5s", undefined],
    ["5sec", undefined],
    ["", undefined],
    ["s", undefined],
    ["1e3s", undefined],
  ];
  for (const [text, expected] of table) assert.equal(parseDuration(text), expected, text);
});

test("bytes tell decimal from binary units", () => {
  assert.equal(parseBytes("1MB"), 1_000_000);
  assert.equal(parseBytes("1MiB"), 1_048_576);
  assert.equal(parseBytes("1.5KiB"), 1_536);
  assert.equal(parseBytes("1mb"), undefined);
});

test("what is formatted is read back unchanged", () => {
  fc.assert(
    fc.property(fc.nat(10 ** 12), (n) => {
      assert.equal(parseDuration(formatDuration(n)), n);
      assert.equal(parseBytes(formatBytes(n)), n);
    }),
  );
  assert.equal(parsePercent(formatPercent(0.7)), 0.7);
});
