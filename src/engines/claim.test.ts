import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { claimDirectory } from "./claim.ts";

test("one claim at a time; a dead process's counts for nothing", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tenfold-claim-"));
  t.after(() => rmSync(directory, { recursive: true }));
  writeFileSync(join(directory, "claim-00000000-0000.json"), JSON.stringify({ pid: process.pid, startedAt: "once" }));
  const claim = await claimDirectory(directory);
  await assert.rejects(claimDirectory(directory), { code: "ENGINES_DIRECTORY_IN_USE" });
  await claim.release();
  await (await claimDirectory(directory)).release();
  assert.deepEqual(readdirSync(directory), []);
});

test("of several at the same moment, at most one gets it", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "tenfold-claim-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const claims = await Promise.allSettled(Array.from({ length: 4 }, () => claimDirectory(directory)));
  assert.ok(claims.filter(({ status }) => status === "fulfilled").length <= 1);
});
