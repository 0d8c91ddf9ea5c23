import assert from "node:assert/strict";
import { mkdir, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { AccessLog } from "./access-log.ts";

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "tenfold-access-log-"));
  try {
    await use(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("a full file is set aside, and the oldest goes", () =>
  inFolder(async (folder) => {
    const log = new AccessLog({ path: join(folder, "access.log"), maxBytes: 10, maxFiles: 3 });
    for (const line of ["first", "second", "third", "fourth", "fifth"]) {
      log.write(line);
      await log.flush();
    }
    assert.deepEqual((await readdir(folder)).toSorted(), ["access.log", "access.log.1", "access.log.2"]);
    assert.equal(await readFile(join(folder, "access.log"), "utf8"), "fifth\n");
    assert.equal(await readFile(join(folder, "access.log.2"), "utf8"), "third\n");
  }));

test("a later process appends", () =>
  inFolder(async (folder) => {
    for (const line of ["one", "two"]) {
      const log = new AccessLog({ path: join(folder, "access.log") });
      log.write(line);
      await log.flush();
    }
    assert.equal(await readFile(join(folder, "access.log"), "utf8"), "one\ntwo\n");
  }));

test("a folder that is removed is made again", () =>
  inFolder(async (folder) => {
    const log = new AccessLog({ path: join(folder, "logs", "access.log") });
    log.write("one");
    await log.flush();
    await rm(join(folder, "logs"), { recursive: true });
    log.write("two");
    await log.flush();
    assert.equal(await readFile(join(folder, "logs", "access.log"), "utf8"), "two\n");
    assert.equal(log.dropped, 0);
  }));

test("what the disk cannot take is dropped and counted, never kept without bound", () =>
  inFolder(async (folder) => {
    const log = new AccessLog({ path: join(folder, "access.log"), maxBufferedBytes: 10, flushBytes: 1_000_000 });
    for (let i = 0; i < 5; i++) log.write("0123456789");
    assert.equal(log.dropped, 4);
    await log.flush();
    const lost = new AccessLog({ path: join(folder, "x/access.log") });
    await mkdir(join(folder, "x/access.log"));
    lost.write("a");
    lost.write("b");
    await lost.flush();
    assert.equal(lost.dropped, 2);
  }));
