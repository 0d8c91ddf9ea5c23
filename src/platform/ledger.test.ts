import assert from "node:assert/strict";
import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { identifyProcess } from "../kernel/index.ts";
import { Ledger, type LedgerEntry } from "./ledger.ts";

const own: LedgerEntry = {
  kind: "instance",
  name: "api-1",
  identity: identifyProcess(process.pid)!,
  stop: { signal: "SIGTERM", graceMs: 1_000 },
};

test("the ledger names what lives, and forgets what does not", (t) => {
  const ledger = new Ledger(temporaryDirectory(t));
  ledger.add(own);
  ledger.add({ ...own, identity: { pid: 1, startedAt: "an earlier process" } });
  assert.deepEqual(ledger.living(), [own]);
  ledger.remove(process.pid);
  assert.deepEqual(ledger.living(), []);
});

test("what is no entry is removed", (t) => {
  const directory = temporaryDirectory(t);
  const ledger = new Ledger(directory);
  ledger.add(own);
  const contents = ["", "{", "null", "[]", '{"kind":"engine"}', '{"identity":{"pid":1,"startedAt":"x"}}'];
  contents.forEach((content, index) => writeFileSync(join(directory, "processes", `${index}.json`), content));
  assert.deepEqual(ledger.living(), [own]);
  assert.deepEqual(readdirSync(join(directory, "processes")), [`${process.pid}.json`]);
});

test("a ledger whose folder was deleted is empty, and goes on", (t) => {
  const directory = temporaryDirectory(t);
  const ledger = new Ledger(directory);
  ledger.add(own);
  rmSync(directory, { recursive: true });
  assert.deepEqual(ledger.living(), []);
  ledger.remove(process.pid);
  ledger.add(own);
  assert.deepEqual(ledger.living(), [own]);
});
