import assert from "node:assert/strict";
import { tmpdir } from "node:os";
import { test } from "node:test";
import { checkBacklog, checkDisk, checkNode, checkOpenFiles, checkSharedPorts } from "./machine.ts";

test("an old Node is a problem with a fix", () => {
  assert.equal(checkNode("24.0.0").verdict, "ok");
  assert.equal(checkNode("20.20.2").verdict, "problem");
  assert.match(checkNode("20.20.2").fix!, /Node 24/);
});

test("a low limit of open files is a warning", () => {
  const limits = (soft: string): string => `Max processes  1  1\nMax open files            ${soft}   1048576   files`;
  assert.equal(checkOpenFiles(limits("1024")).verdict, "warning");
  assert.equal(checkOpenFiles(limits("65536")).verdict, "ok");
  assert.equal(checkOpenFiles(limits("unlimited")).verdict, "ok");
});

test("a short listen queue is a warning", () => {
  assert.equal(checkBacklog("128").verdict, "warning");
  assert.equal(checkBacklog("4096").verdict, "ok");
});

test("ports that cannot be shared are a warning", async () => {
  assert.equal((await checkSharedPorts(async () => false)).verdict, "warning");
});

test("this machine is looked at for real", async () => {
  assert.match((await checkDisk(tmpdir())).found, /GiB free/);
  assert.match((await checkSharedPorts()).found, /SO_REUSEPORT/);
});
