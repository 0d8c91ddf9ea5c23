import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { brotliCompressSync, brotliDecompress, gunzip, gzipSync, zstdCompressSync, zstdDecompress } from "node:zlib";
import { serveFiles } from "../../test/support/static-files.ts";
import { chunkBytes } from "./site-file.ts";

const text = "const greeting = 'hello, hello, hello';\n".repeat(200);
const decoders = { br: promisify(brotliDecompress), zstd: promisify(zstdDecompress), gzip: promisify(gunzip) };
const noise = (bytes: number): Buffer => randomBytes(bytes);

test("whoever has a file already is told so, by tag and by date", async (t) => {
  const files = await serveFiles(t, { "a.txt": "hello" });
  const { etag, "last-modified": modified } = (await files.get("/a.txt")).headers;
  for (const condition of [
    { "If-None-Match": etag! },
    { "If-None-Match": `W/${etag}` },
    { "If-Modified-Since": modified! },
  ]) {
    const { status, headers, body } = await files.get("/a.txt", condition);
    assert.equal(status, 304);
    assert.equal(body.length, 0);
    assert.deepEqual([headers["etag"], headers["vary"]], [etag, "Accept-Encoding"]);
    assert.equal(headers["cache-control"], "public, no-cache");
    assert.equal(headers["content-length"], undefined);
  }
  assert.equal((await files.get("/a.txt", { "If-None-Match": '"other"' })).status, 200);
  const { status, headers } = await files.get("/a.txt", { "If-Match": '"other"' });
  assert.deepEqual([status, headers["cache-control"]], [412, "no-store"]);
});

test("a tag is of the content: the same for a copy, another for another digit at the same time", async (t) => {
  const files = await serveFiles(t, { "a.txt": "version 1", "b.txt": "version 1", "c.txt": "version 2" });
  for (const name of ["a.txt", "b.txt", "c.txt"]) utimesSync(join(files.directory, name), 1, 1);
  const tags: (string | undefined)[] = [];
  for (const path of ["/a.txt", "/b.txt", "/c.txt"]) tags.push((await files.get(path)).headers["etag"]);
  assert.equal(tags[0], tags[1]);
  assert.notEqual(tags[0], tags[2]);
  writeFileSync(join(files.directory, "a.txt"), "version 2");
  utimesSync(join(files.directory, "a.txt"), 1, 1);
  assert.equal((await files.get("/a.txt")).headers["etag"], tags[2]);
});

test("a file that has just changed has the tag of what is sent, and no date", async (t) => {
  const big = Buffer.alloc(chunkBytes + 1, "x");
  const files = await serveFiles(t, { "a.txt": "1", "big.txt": big }, {}, Date.now);
  const first = (await files.get("/a.txt")).headers;
  assert.equal(first["last-modified"], undefined);
  writeFileSync(join(files.directory, "a.txt"), "2");
  const second = await files.get("/a.txt", { "If-None-Match": first["etag"]! });
  assert.deepEqual([second.status, second.text], [200, "2"]);
  const { status, headers, body } = await files.get("/big.txt", { "Accept-Encoding": "br" });
  assert.deepEqual([status, headers["etag"], headers["content-encoding"]], [200, undefined, undefined]);
  assert.ok(body.equals(big));
});

test("files of all lengths arrive as they are", async (t) => {
  for (const length of [0, 1, chunkBytes - 1, chunkBytes, chunkBytes + 1, 3 * chunkBytes, 9 * 1024 * 1024 + 7]) {
    const content = noise(length);
    const files = await serveFiles(t, { "a.png": content });
    const { body, headers } = await files.get("/a.png");
    assert.ok(body.equals(content), String(length));
    assert.equal(headers["content-length"], String(length));
    assert.notEqual(headers["etag"], undefined);
  }
});

test("parts of a file are sent as they were asked for", async (t) => {
  for (const length of [1_000, 2 * chunkBytes]) {
    const content = noise(length);
    const files = await serveFiles(t, { "a.png": content });
    for (const [range, first, last] of [
      ["bytes=0-0", 0, 0],
      ["bytes=10-19", 10, 19],
      ["bytes=990-", 990, length - 1],
      ["bytes=-10", length - 10, length - 1],
      [`bytes=0-${length * 2}`, 0, length - 1],
      [`bytes=${length * 2}-, 5-9`, 5, 9],
    ] as const) {
      const { status, headers, body } = await files.get("/a.png", { Range: range });
      assert.equal(status, 206, range);
      assert.equal(headers["content-range"], `bytes ${first}-${last}/${length}`);
      assert.equal(headers["content-type"], "image/png");
      assert.ok(body.equals(content.subarray(first, last + 1)), range);
    }
    const { status, headers } = await files.get("/a.png", { Range: `bytes=${length}-` });
    assert.deepEqual([status, headers["content-range"]], [416, `bytes */${length}`]);
  }
});

test("several parts come as one body, of the length that was promised", async (t) => {
  const content = noise(2 * chunkBytes);
  const files = await serveFiles(t, { "a.png": content });
  const ranges = [
    [0, 9],
    [chunkBytes - 5, chunkBytes + 200_000 - chunkBytes],
    [250_000, 250_000],
  ] as const;
  const { status, headers, body } = await files.get("/a.png", {
    Range: `bytes=${ranges.map(([first, last]) => `${first}-${last}`).join(", ")}`,
  });
  assert.equal(status, 206);
  const boundary = /^multipart\/byteranges; boundary=([0-9a-f]{24})$/.exec(headers["content-type"]!)![1]!;
  assert.equal(Number(headers["content-length"]), body.length);
  const expected = ranges.map(([first, last]) =>
    Buffer.concat([
      Buffer.from(
        `--${boundary}\r\nContent-Type: image/png\r\nContent-Range: bytes ${first}-${last}/${content.length}\r\n\r\n`,
      ),
      content.subarray(first, last + 1),
      Buffer.from("\r\n"),
    ]),
  );
  assert.ok(body.equals(Buffer.concat([...expected, Buffer.from(`--${boundary}--\r\n`)])));
});

test("ranges that would make much of little are not followed", async (t) => {
  const files = await serveFiles(t, { "a.png": noise(1_000) });
  for (const range of [
    "bytes=0-,0-,0-",
    `bytes=${Array.from({ length: 100 }, (_, i) => `${i * 2}-${i * 2}`).join()}`,
    "bytes=5-1",
    "bytes=a-b",
    "lines=1-2",
  ]) {
    const { status, body } = await files.get("/a.png", { Range: range });
    assert.deepEqual([status, body.length], [200, 1_000], range);
  }
});

test("a download goes on only with the same file", async (t) => {
  const files = await serveFiles(t, { "a.png": noise(1_000) });
  const { etag, "last-modified": modified } = (await files.get("/a.png")).headers;
  const status = async (condition: string): Promise<number> =>
    (await files.get("/a.png", { Range: "bytes=500-", "If-Range": condition })).status;
  assert.equal(await status(etag!), 206);
  assert.equal(await status(modified!), 206);
  writeFileSync(join(files.directory, "a.png"), noise(1_000));
  assert.equal(await status(etag!), 200);
});

test("each coding is made as it is asked for, with a tag of its own", async (t) => {
  const files = await serveFiles(t, { "app.js": text });
  const tags = new Set([(await files.get("/app.js")).headers["etag"]]);
  for (const [coding, decode] of Object.entries(decoders)) {
    const { headers, body } = await files.get("/app.js", { "Accept-Encoding": coding });
    assert.deepEqual([headers["content-encoding"], headers["vary"]], [coding, "Accept-Encoding"]);
    assert.equal(headers["content-length"], String(body.length));
    assert.ok(body.length < text.length / 10);
    assert.equal((await decode(body)).toString(), text);
    tags.add(headers["etag"]);
    const again = await files.get("/app.js", { "Accept-Encoding": coding, "If-None-Match": headers["etag"]! });
    assert.equal(again.status, 304);
    const { status, body: part } = await files.get("/app.js", {
      "Accept-Encoding": coding,
      Range: "bytes=5-9",
      "If-Range": headers["etag"]!,
    });
    assert.equal(status, 206);
    assert.ok(part.equals(body.subarray(5, 10)));
    const head = await files.ask("HEAD", "/app.js", { "Accept-Encoding": coding });
    assert.deepEqual([head.headers["etag"], head.headers["content-length"]], [headers["etag"], undefined]);
  }
  assert.equal(tags.size, 4);
});

test("what does not grow smaller, or too little, is sent as it is", async (t) => {
  const files = await serveFiles(t, { "a.png": text, "small.js": "x", "a.js": text });
  const all = { "Accept-Encoding": "gzip, br, zstd" };
  for (const path of ["/a.png", "/small.js"]) {
    assert.equal((await files.get(path, all)).headers["content-encoding"], undefined);
  }
  files.server.update({
    directory: files.directory,
    base: "/",
    index: false,
    immutable: true,
    compress: false,
    dotfiles: false,
  });
  assert.equal((await files.get("/a.js", all)).headers["content-encoding"], undefined);
});

test("what was compressed beforehand goes before what would have to be", async (t) => {
  const files = await serveFiles(t, {
    "app.js": text,
    "app.js.gz": gzipSync(text, { level: 9 }),
    "all.js": text,
    "all.js.br": brotliCompressSync(text),
    "all.js.zst": zstdCompressSync(text),
    "all.js.gz": gzipSync(text),
  });
  const coding = async (path: string, accepted: string): Promise<string | undefined> => {
    const { headers, body } = await files.get(path, { "Accept-Encoding": accepted });
    const found = headers["content-encoding"];
    if (found !== undefined) assert.equal((await decoders[found as keyof typeof decoders](body)).toString(), text);
    assert.equal(headers["content-type"], "text/javascript; charset=utf-8");
    return found;
  };
  assert.equal(await coding("/app.js", "br, gzip, zstd"), "gzip");
  assert.equal(await coding("/app.js", "br, gzip;q=0.5"), "br");
  assert.equal(await coding("/all.js", "gzip, zstd, br"), "br");
  assert.equal(await coding("/all.js", "gzip, zstd"), "zstd");
  assert.equal(await coding("/all.js", "gzip, zstd;q=0.1, br;q=0"), "gzip");
  assert.equal(await coding("/all.js", "identity, br;q=0.5"), undefined);
  assert.equal(await coding("/all.js", "identity;q=0, deflate"), undefined);
  const { headers } = await files.get("/all.js.br", { "Accept-Encoding": "br" });
  assert.deepEqual([headers["content-encoding"], headers["content-type"]], [undefined, "application/octet-stream"]);
});

test("a compressed file that is older than what it was made of is not sent", async (t) => {
  const files = await serveFiles(t, {
    "app.js": text,
    "app.js.br": brotliCompressSync("old"),
    "app.3f9a1c2b.js": "new",
    "app.3f9a1c2b.js.br": brotliCompressSync("new"),
    "empty.js": "x",
    "empty.js.gz": "",
  });
  for (const name of ["app.js.br", "app.3f9a1c2b.js.br"]) utimesSync(join(files.directory, name), 1e9, 1e9);
  const { headers, body } = await files.get("/app.js", { "Accept-Encoding": "br" });
  assert.equal(headers["content-encoding"], "br");
  assert.equal((await decoders.br(body)).toString(), text);
  const hashed = await files.get("/app.3f9a1c2b.js", { "Accept-Encoding": "br" });
  assert.equal((await decoders.br(hashed.body)).toString(), "new");
  assert.equal((await files.get("/empty.js", { "Accept-Encoding": "gzip" })).text, "x");
});
