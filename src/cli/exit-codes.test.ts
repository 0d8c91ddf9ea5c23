import assert from "node:assert/strict";
import { test } from "node:test";
import { exitCodeOf, exitCodes } from "./exit-codes.ts";

test("a script can tell a purge that is wrong from one that is not complete, and from nothing that runs", () => {
  const codes = ["CACHE_PURGE_INVALID", "CACHE_PURGE_INCOMPLETE", "CONTROL_NOT_RUNNING", "CONTROL_UNREACHABLE"].map(
    exitCodeOf,
  );
  assert.deepEqual(codes, [exitCodes.invalid, exitCodes.incomplete, exitCodes.notRunning, exitCodes.failed]);
});
