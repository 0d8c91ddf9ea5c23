import assert from "node:assert/strict";
import { test } from "node:test";
import { disownPostmasterPid, parsePostmasterPid } from "./postmaster-pid.ts";

const ready = "4711\n/data\n1795230862\n5999\n\n127.0.0.1\n  2147110        28\nready   \n";

test("pid, port and readiness are read from postmaster.pid, whole or half written", () => {
  assert.deepEqual(parsePostmasterPid(ready), { pid: 4711, port: 5999, isReady: true });
  assert.equal(parsePostmasterPid(ready.replace("ready   ", "starting"))?.isReady, false);
  assert.deepEqual(parsePostmasterPid("-12\n/data\n"), { pid: 12, port: undefined, isReady: false });
  for (const text of ["", "\n", "x\n", "0\n"]) assert.equal(parsePostmasterPid(text), undefined);
});

test("a disowned file keeps all but the pid", () => {
  assert.equal(disownPostmasterPid(ready, 1), ready.replace("4711", "1"));
});
