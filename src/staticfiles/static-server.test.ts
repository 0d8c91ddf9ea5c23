import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { serveFiles, writeFiles } from "../../test/support/static-files.ts";

const page = { Accept: "text/html,application/xhtml+xml,*/*;q=0.8" };

test("a file is sent whole, with all that caches and browsers want to know", async (t) => {
  const files = await serveFiles(t, { "a/hello.txt": "hello" });
  const { status, headers, text } = await files.get("/a/hello.txt?v=1");
  assert.equal(status, 200);
  assert.equal(text, "hello");
  const { date, connection, etag, "last-modified": modified, ...rest } = headers;
  assert.match(etag!, /^"[\w-]{22}"$/);
  assert.equal(modified, statSync(join(files.directory, "a/hello.txt")).mtime.toUTCString());
  assert.deepEqual([date !== undefined, connection], [true, "keep-alive"]);
  assert.deepEqual(rest, {
    "content-type": "text/plain; charset=utf-8",
    "x-content-type-options": "nosniff",
    "content-length": "5",
    "accept-ranges": "bytes",
    "cache-control": "public, no-cache",
    "tenfold-cdn-cache-control": "public, max-age=1",
    vary: "Accept-Encoding",
  });
});

test("what cannot be compressed does not vary", async (t) => {
  const { headers } = await (await serveFiles(t, { "a.png": "png" })).get("/a.png", { "Accept-Encoding": "br" });
  assert.equal(headers["vary"], undefined);
  assert.equal(headers["content-encoding"], undefined);
});

test("HEAD says what GET would, without the content", async (t) => {
  const files = await serveFiles(t, { "a.txt": "hello", "big.png": Buffer.alloc(300_000) });
  for (const path of ["/a.txt", "/big.png"]) {
    const [get, head] = [await files.get(path), await files.ask("HEAD", path)];
    assert.equal(head.body.length, 0);
    const ofConnection = { date: "", connection: "" };
    assert.deepEqual({ ...head.headers, ...ofConnection }, { ...get.headers, ...ofConnection });
  }
});

test("nothing but GET and HEAD is allowed", async (t) => {
  const files = await serveFiles(t, { "a.txt": "hello" });
  for (const method of ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"]) {
    const { status, headers } = await files.ask(method, "/a.txt");
    assert.deepEqual([status, headers["allow"]], [405, "GET, HEAD"], method);
  }
});

test("what is not there, hidden, or badly asked for is a problem that nobody keeps", async (t) => {
  const files = await serveFiles(t, { "a.txt": "a", ".env": "SECRET=1", ".git/config": "x", "d/.hidden": "x" });
  for (const [path, status] of [
    ["/b.txt", 404],
    ["/a.txt/", 404],
    ["/a.txt/b", 404],
    ["/d/", 404],
    ["/d", 404],
    ["/", 404],
    [`/${"a".repeat(300)}`, 404],
    ["/.env", 404],
    ["/%2eenv", 404],
    ["/.git/config", 404],
    ["/d/.hidden", 404],
    ["//a.txt", 404],
    ["/../a.txt", 400],
    ["/%2e%2e/public/a.txt", 400],
    ["/d%2f..%2fa.txt", 400],
    ["/a.txt%00", 400],
    ["/%", 400],
  ] as const) {
    const answer = await files.get(path);
    assert.equal(answer.status, status, path);
    assert.equal(answer.headers["content-type"], "application/problem+json");
    assert.equal(answer.headers["cache-control"], "no-store");
    assert.ok(!answer.text.includes(files.directory));
  }
  assert.deepEqual(files.errors, []);
});

test("dot files are served where that is wanted, and .well-known always", async (t) => {
  const content = { ".env": "x", ".well-known/security.txt": "Contact: x" };
  assert.equal((await (await serveFiles(t, content)).get("/.well-known/security.txt")).text, "Contact: x");
  assert.equal((await (await serveFiles(t, content, { dotfiles: true })).get("/.env")).text, "x");
});

test("a symbolic link leads around in the directory, and not out of it", async (t) => {
  const files = await serveFiles(t, { "real/a.txt": "inside" });
  const outside = join(dirname(files.directory), "outside");
  writeFiles(outside, { "secret.txt": "secret", "index.html": "secret" });
  symlinkSync("real", join(files.directory, "link"));
  symlinkSync("../outside", join(files.directory, "escape"));
  symlinkSync("../outside/secret.txt", join(files.directory, "escape.txt"));
  symlinkSync("../outside/secret.txt", join(files.directory, "real/a.txt.br"));
  symlinkSync("loop", join(files.directory, "loop"));
  symlinkSync("/etc/passwd", join(files.directory, "passwd"));
  // Its name begins as the directory's does.
  mkdirSync(`${files.directory}-private`);
  writeFileSync(join(`${files.directory}-private`, "a.txt"), "secret");
  symlinkSync("../public-private", join(files.directory, "sibling"));
  assert.equal((await files.get("/link/a.txt", { "Accept-Encoding": "br" })).text, "inside");
  for (const path of [
    "/escape/secret.txt",
    "/escape/",
    "/escape",
    "/escape.txt",
    "/loop",
    "/passwd",
    "/sibling/a.txt",
  ]) {
    const { status, text } = await files.get(path);
    assert.equal(status, 404, path);
    assert.ok(!text.includes("secret"));
  }
});

test("the directory may be a link that a deployment changes", async (t) => {
  const files = await serveFiles(t, {});
  rmSync(files.directory, { recursive: true });
  assert.equal((await files.get("/a.txt")).status, 404);
  const releases = join(dirname(files.directory), "releases");
  writeFiles(releases, { "1/a.txt": "one", "2/a.txt": "two" });
  symlinkSync("releases/1", files.directory);
  assert.equal((await files.get("/a.txt")).text, "one");
  symlinkSync("releases/2", `${files.directory}.new`);
  renameSync(`${files.directory}.new`, files.directory);
  assert.equal((await files.get("/a.txt")).text, "two");
});

test("what is no file is none: no pipe is waited for", { skip: process.platform === "win32" }, async (t) => {
  const files = await serveFiles(t, {});
  execFileSync("mkfifo", [join(files.directory, "pipe")]);
  assert.equal((await files.get("/pipe")).status, 404);
});

test("a file that may not be read is said to be so", { skip: process.getuid?.() === 0 }, async (t) => {
  const files = await serveFiles(t, { "a.txt": "a" });
  chmodSync(join(files.directory, "a.txt"), 0);
  assert.equal((await files.get("/a.txt")).status, 403);
});

test("a directory is answered for by its index, at a path with a slash", async (t) => {
  const files = await serveFiles(t, { "index.html": "home", "docs/index.html": "docs", "empty/x.txt": "x" });
  assert.equal((await files.get("/")).text, "home");
  assert.equal((await files.get("/docs/")).text, "docs");
  assert.equal((await files.get("/docs/")).headers["content-type"], "text/html; charset=utf-8");
  const { status, headers } = await files.get("/docs?a=/b&c");
  assert.deepEqual([status, headers["location"]], [308, "/docs/?a=/b&c"]);
  assert.equal(headers["cache-control"], "public, no-cache");
  assert.equal((await files.get("/empty")).status, 404);
});

test("no redirect leads to another host", async (t) => {
  const files = await serveFiles(t, { "example.com/index.html": "x" });
  for (const path of [
    "//example.com",
    "/\\example.com",
    "//example.com/",
    "/%2fexample.com",
    "/%5cexample.com",
    "///example.com",
  ]) {
    const { headers, status } = await files.get(path);
    assert.equal(headers["location"], undefined, path);
    assert.ok(status === 400 || status === 404, path);
  }
});

test("an index of another name, or none", async (t) => {
  const content = { "home.html": "home", "index.html": "index" };
  assert.equal((await (await serveFiles(t, content, { index: "home.html" })).get("/")).text, "home");
  assert.equal((await (await serveFiles(t, content, { index: false })).get("/")).status, 404);
});

test("below a base, the directory's files", async (t) => {
  const files = await serveFiles(t, { "index.html": "home", "a.txt": "a" }, { base: "/app" });
  assert.equal((await files.get("/app/a.txt")).text, "a");
  assert.equal((await files.get("/app/")).text, "home");
  assert.equal((await files.get("/app?x")).headers["location"], "/app/?x");
  for (const path of ["/a.txt", "/", "/apps/a.txt"]) assert.equal((await files.get(path)).status, 404, path);
});

test("the fallback answers for pages that are not there, and for nothing else", async (t) => {
  const content = { "index.html": "app", "assets/a.js": "js", "app/index.html": "x" };
  const files = await serveFiles(t, content, { fallback: "index.html" });
  for (const path of ["/", "/users/1", "/users/john.doe", "/users/", "/assets", "/x-3f9a1c2b"]) {
    const { status, text, headers } = await files.get(path, page);
    assert.deepEqual([status, text], [200, "app"], path);
    assert.equal(headers["cache-control"], "public, no-cache");
    if (path !== "/") assert.equal(headers["vary"], "Accept-Encoding, Accept");
  }
  assert.equal((await files.ask("HEAD", "/users/1", page)).status, 200);
  assert.equal((await files.get("/assets/missing.js", page)).status, 404);
  assert.equal((await files.get("/missing.png", page)).status, 404);
  for (const accept of ["*/*", "application/json", "text/html;q=0, */*"]) {
    assert.equal((await files.get("/users/1", { Accept: accept })).status, 404, accept);
  }
  assert.equal((await files.get("/users/1")).status, 404);
  assert.equal((await files.get("/.env", page)).status, 404);
  assert.equal((await files.get("/../x", page)).status, 400);
  rmSync(join(files.directory, "index.html"));
  assert.equal((await files.get("/users/1", page)).status, 404);
});

test("browsers keep what has a hash in its name, or is at a path that says so", async (t) => {
  const content = { "app.3f9a1c2b.js": "x", "app.js": "x", "_next/static/x/m.js": "x", "index.html": "x" };
  const lifetime = async (files: Awaited<ReturnType<typeof serveFiles>>, path: string, headers = {}) =>
    (await files.get(path, headers)).headers["cache-control"];
  const forever = "public, max-age=31536000, immutable";
  const byName = await serveFiles(t, content);
  assert.equal(await lifetime(byName, "/app.3f9a1c2b.js"), forever);
  assert.equal(await lifetime(byName, "/app.js"), "public, no-cache");
  const byPath = await serveFiles(t, content, {
    immutable: [{ kind: "prefix", value: "/_next/static" }],
    fallback: "index.html",
  });
  assert.equal(await lifetime(byPath, "/_next/static/x/m.js"), forever);
  assert.equal(await lifetime(byPath, "/app.3f9a1c2b.js"), "public, no-cache");
  assert.equal(await lifetime(byPath, "/_next/static/x/page", page), "public, no-cache");
  const never = await serveFiles(t, content, { immutable: false });
  assert.equal(await lifetime(never, "/app.3f9a1c2b.js"), "public, no-cache");
});

test("its options can be changed while it runs", async (t) => {
  const files = await serveFiles(t, { "a.txt": "a" });
  const other = join(dirname(files.directory), "other");
  writeFiles(other, { "a.txt": "b" });
  files.server.update({ directory: other, base: "/", index: false, immutable: true, compress: true, dotfiles: false });
  assert.equal((await files.get("/a.txt")).text, "b");
});

test("its socket is this user's alone, and goes with it", async (t) => {
  const { server } = await serveFiles(t, {});
  assert.equal(statSync(server.socketPath).mode & 0o777, 0o600);
  const stopping = server.stop();
  assert.ok(!existsSync(server.socketPath), "at once");
  await stopping;
  await server.stop();
});

test("a path that no socket can have is refused", async (t) => {
  const { StaticServer } = await import("./static-server.ts");
  const { directory } = await serveFiles(t, {});
  const site = { directory, base: "/", index: false, immutable: true, compress: true, dotfiles: false } as const;
  const server = new StaticServer(join(directory, "a".repeat(120)), site);
  await assert.rejects(server.start(), { code: "STATICFILES_SOCKET_PATH_TOO_LONG" });
  await server.stop();
});

test("times that are none are not given", async (t) => {
  const files = await serveFiles(t, { "a.txt": "a", "b.txt": "b" });
  utimesSync(join(files.directory, "a.txt"), 1, 1);
  utimesSync(join(files.directory, "b.txt"), 9e9, 9e9);
  for (const path of ["/a.txt", "/b.txt"]) {
    const { headers } = await files.get(path);
    assert.equal(headers["last-modified"], undefined);
    assert.notEqual(headers["etag"], undefined);
  }
});
