import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInstant } from "./instant.ts";

test("a time with its offset is the same everywhere", () => {
  const midnight = Date.UTC(2026, 10, 27);
  for (const text of ["2026-11-27T00:00:00Z", "2026-11-27T00:00Z", "2026-11-27T01:00:00.000+01:00"]) {
    assert.equal(parseInstant(text), midnight, text);
  }
});

test("what depends on where it is read, or is no time, is none", () => {
  for (const text of ["2026-11-27", "2026-11-27T00:00:00", "2026-02-30T00:00Z", "2026-13-01T00:00Z", "now", ""]) {
    assert.equal(parseInstant(text), undefined, text);
  }
  for (const text of ["2026-11-27T24:00Z", "2026-11-27T00:60Z", "2026-11-27T00:00+99:00"]) {
    assert.equal(parseInstant(text), undefined, text);
  }
});
