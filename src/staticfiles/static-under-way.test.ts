import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { appendFileSync, existsSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { type ServedFiles, serveFiles } from "../../test/support/static-files.ts";
import { poll } from "../kernel/index.ts";

const text = "const greeting = 'hello, hello, hello';\n".repeat(200);

/** Reads an answer's head and a little more, and then waits. */
async function beginDownload(files: ServedFiles, path: string) {
  const socket = createConnection(files.server.socketPath);
  socket.on("error", () => {});
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
  const [first] = (await once(socket, "data")) as [Buffer];
  socket.pause();
  const chunks = [first];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.pause();
  return {
    socket,
    received: () => Buffer.concat(chunks),
    count: () => chunks.reduce((sum, each) => sum + each.length, 0),
  };
}

const large = Buffer.alloc(64 * 1024 * 1024, "abcdefgh");

test("a file that changes while it is sent breaks the connection", async (t) => {
  for (const change of [
    (path: string) => truncateSync(path, 1_000_000),
    (path: string) => appendFileSync(path, "more"),
    (path: string) => writeFileSync(path, large.subarray(0, 1_000_000), { flag: "r+" }),
  ]) {
    const files = await serveFiles(t, { "large.bin": large });
    const { socket, received } = await beginDownload(files, "/large.bin");
    change(join(files.directory, "large.bin"));
    socket.resume();
    await once(socket, "close");
    const head = received().indexOf("\r\n\r\n");
    assert.match(received().toString("latin1", 0, head), /Content-Length: 67108864/);
    assert.ok(received().length - head - 4 < large.length, "it must not look complete");
  }
});

test("a file that is replaced, or removed, while it is sent arrives as it was", async (t) => {
  const files = await serveFiles(t, { "large.bin": large, "new.bin": "new" });
  for (const change of [
    () => renameSync(join(files.directory, "new.bin"), join(files.directory, "large.bin")),
    () => rmSync(join(files.directory, "large.bin")),
  ]) {
    writeFileSync(join(files.directory, "large.bin"), large);
    const { socket, received, count } = await beginDownload(files, "/large.bin");
    change();
    socket.resume();
    const head = received().indexOf("\r\n\r\n");
    await poll(async () => (count() >= head + 4 + large.length ? true : undefined), {
      everyMs: 10,
      deadlineMs: 30_000,
      onTimeout: () => new Error(`only ${count()} bytes came`),
    });
    const body = received().subarray(head + 4);
    assert.equal(createHash("sha1").update(body).digest("hex"), createHash("sha1").update(large).digest("hex"));
    socket.destroy();
  }
});

test("every file is closed again, however an answer ends", { skip: process.platform !== "linux" }, async (t) => {
  const files = await serveFiles(t, {
    "a.js": text,
    "a.js.gz": gzipSync(text),
    "large.bin": large,
    "d/index.html": "x",
  });
  const open = (): number => readdirSync("/proc/self/fd").length;
  await files.get("/a.js");
  const before = open();
  for (const path of ["/a.js", "/d", "/d/", "/missing", "/.env", "/large.bin"]) {
    for (const headers of [
      {},
      { "Accept-Encoding": "br, gzip" },
      { "If-None-Match": "*" },
      { Range: "bytes=9-" },
      { "If-Match": '"x"' },
    ]) {
      await files.get(path, headers as Record<string, string>);
    }
  }
  const downloads = await Promise.all(Array.from({ length: 5 }, () => beginDownload(files, "/large.bin")));
  assert.ok(open() > before);
  for (const { socket } of downloads) socket.destroy();
  await poll(async () => (open() <= before ? true : undefined), {
    everyMs: 10,
    deadlineMs: 10_000,
    onTimeout: () => new Error(`${open() - before} files are still open`),
  });
});

test("who is told to go answers all who are there still, and goes when they have left", async (t) => {
  const files = await serveFiles(t, { "large.bin": large, "a.txt": "a" });
  const { socket, count } = await beginDownload(files, "/large.bin");
  files.server.retire();
  assert.equal((await files.get("/a.txt")).text, "a");
  socket.resume();
  while (count() <= large.length) await once(socket, "data");
  assert.ok(files.server.isRunning);
  socket.destroy();
  await files.disconnect();
  await poll(async () => (files.server.isRunning ? undefined : true), {
    everyMs: 20,
    deadlineMs: 10_000,
    onTimeout: () => new Error("it is still there"),
  });
  assert.ok(!existsSync(files.server.socketPath));
});
