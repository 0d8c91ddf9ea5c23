import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { eventually } from "../../test/support/gateway-fixtures.ts";
import { AccessLog } from "./access-log.ts";

const run = promisify(execFile);

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

test("a line that is longer than what is written at once, and one behind it that nothing follows, get there too", () =>
  inFolder(async (folder) => {
    const path = join(folder, "access.log");
    const log = new AccessLog({ path, flushBytes: 10, flushEveryMs: 1 });
    const written = ["x".repeat(100), "short"];
    for (const line of written) log.write(line);
    await eventually(() => existsSync(path) && readFileSync(path, "utf8") === `${written.join("\n")}\n`);
  }));

test("what the disk cannot take is dropped and counted, never kept without bound", () =>
  inFolder(async (folder) => {
    const log = new AccessLog({ path: join(folder, "access.log"), maxBufferedBytes: 10, flushBytes: 11 });
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

test("several processes that share a log, and rotate it, lose no line and write none twice", () =>
  inFolder(async (folder) => {
    const path = join(folder, "access.log");
    const script = `
      const { AccessLog } = await import(${JSON.stringify(join(import.meta.dirname, "access-log.ts"))});
      const log = new AccessLog({ path: ${JSON.stringify(path)}, maxBytes: 5_000, maxFiles: 200 });
      for (let i = 0; i < 1_000; i++) {
        log.write("line " + i + " of " + process.pid);
        if (i % 5 === 0) await log.flush();
      }
      await log.flush();
      console.log(log.dropped);`;
    const writers = Array.from({ length: 3 }, () =>
      run(process.execPath, ["--input-type=module-typescript", "-e", script]),
    );
    for (const { stdout } of await Promise.all(writers)) assert.equal(stdout, "0\n");
    const files = await readdir(folder);
    const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
    const lines = texts.flatMap((text) => text.trimEnd().split("\n"));
    assert.equal(lines.length, 3_000);
    assert.equal(new Set(lines).size, 3_000);
    const full = texts.filter((text) => text.length >= 4_500);
    assert.ok(full.length >= files.length - 3, `${full.length} of ${files.length} files are full`);
  }));

test("a rotation that a killed process has left undone keeps nobody from writing, and is done later", () =>
  inFolder(async (folder) => {
    const path = join(folder, "access.log");
    await writeFile(`${path}.lock`, "");
    const log = new AccessLog({ path, maxBytes: 10, maxFiles: 3 });
    const write = async (line: string): Promise<void> => {
      log.write(line);
      await log.flush();
    };
    await write("first");
    await write("second");
    assert.equal(await readFile(path, "utf8"), "first\nsecond\n");
    await utimes(`${path}.lock`, 0, 0);
    await write("third");
    await write("fourth");
    assert.equal(await readFile(path, "utf8"), "fourth\n");
    assert.equal(await readFile(`${path}.1`, "utf8"), "first\nsecond\nthird\n");
    assert.deepEqual((await readdir(folder)).toSorted(), ["access.log", "access.log.1"]);
  }));
