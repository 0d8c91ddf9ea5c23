import assert from "node:assert/strict";
import { test } from "node:test";
import { codeOf } from "../../kernel/index.ts";
import type { MigrationFile } from "./migration-file.ts";
import { type AppliedMigration, planMigrations } from "./plan-migrations.ts";

const file = (number: number, checksum = "same"): MigrationFile => ({
  number,
  name: `m${number}`,
  path: `migrations/${number}_m${number}.sql`,
  kind: "sql",
  content: "",
  checksum,
});
const applied = (number: number, isUnfinished = false): AppliedMigration => ({
  number,
  name: `m${number}`,
  checksum: "same",
  appliedAt: new Date(0),
  tookMs: 1,
  isUnfinished,
});
const numbers = (files: readonly MigrationFile[]): number[] => files.map(({ number }) => number);
const refusal = (plan: () => unknown): string | undefined => {
  try {
    plan();
  } catch (error) {
    return codeOf(error);
  }
  return undefined;
};

test("what has not run yet is run in order", () => {
  assert.deepEqual(numbers(planMigrations([file(1), file(2), file(3)], [applied(1)])), [2, 3]);
  assert.deepEqual(numbers(planMigrations([file(1)], [applied(1)])), []);
  assert.deepEqual(numbers(planMigrations([], [])), []);
});

test("what has run is neither changed nor deleted nor overtaken", () => {
  assert.equal(
    refusal(() => planMigrations([file(1, "other")], [applied(1)])),
    "MIGRATION_EDITED",
  );
  assert.equal(
    refusal(() => planMigrations([file(2)], [applied(1)])),
    "MIGRATION_MISSING",
  );
  assert.equal(
    refusal(() => planMigrations([file(1), file(2), file(3)], [applied(1), applied(3)])),
    "MIGRATION_OUT_OF_ORDER",
  );
});

test("what was begun and did not end is done again, mended or not", () => {
  const done = [applied(1), applied(2, true)];
  assert.deepEqual(numbers(planMigrations([file(1), file(2), file(3)], done)), [2, 3]);
  assert.deepEqual(numbers(planMigrations([file(1), file(2, "mended")], done)), [2]);
});
