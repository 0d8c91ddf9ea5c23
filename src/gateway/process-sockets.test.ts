import assert from "node:assert/strict";
import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { removeSockets, socketBeside } from "./process-sockets.ts";

test("what a killed process has left is removed, and nothing else", (t) => {
  const folder = temporaryDirectory(t);
  const control = join(folder, "gateway-1-ab.sock");
  const others = [
    "gateway-1-ab.log",
    "gateway-1-ab.s1.txt",
    "gateway-1-abc.s1",
    "gateway-1-abc.sock",
    "gateway-2-ab.s1",
  ];
  for (const name of others) writeFileSync(join(folder, name), "");
  for (const path of [control, socketBeside(control, 0), socketBeside(control, 12)]) writeFileSync(path, "");
  removeSockets(control);
  assert.deepEqual(readdirSync(folder).toSorted(), others.toSorted());
  removeSockets(control);
  removeSockets(join(folder, "nowhere", "x.sock"));
});

test("a socket beside the control socket has no longer a path", () => {
  const control = "/run/gateway-1-0a1b2c3d.sock";
  assert.equal(socketBeside(control, 7), "/run/gateway-1-0a1b2c3d.s7");
  assert.ok(socketBeside(control, 999).length <= control.length);
});
