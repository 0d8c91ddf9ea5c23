import assert from "node:assert/strict";
import { join, normalize } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readRequestPath } from "./request-path.ts";

const plain = { base: "/", dotfiles: false };

const read: readonly (readonly [target: string, names: readonly string[], isFolder: boolean])[] = [
  ["/", [], true],
  ["/a.js", ["a.js"], false],
  ["/a/b.js?v=1", ["a", "b.js"], false],
  ["/a/", ["a"], true],
  ["/a%20b/%C3%A9.txt", ["a b", "é.txt"], false],
  ["/100%25", ["100%"], false],
  ["/%252e%252e%252fetc", ["%2e%2e%2fetc"], false],
  ["/a..b/...c", ["a..b", "...c"], false],
  ["/.well-known/acme-challenge/x", [".well-known", "acme-challenge", "x"], false],
];

for (const [target, names, isFolder] of read) {
  test(`${target} names ${JSON.stringify(names)}`, () => {
    const rules = { base: "/", dotfiles: target.includes("...") };
    const path = readRequestPath(target, rules);
    assert.deepEqual(path, {
      names,
      isFolder,
      path: target.split("?")[0],
      query: target.includes("?") ? "?v=1" : "",
    });
  });
}

const refused: readonly (readonly [target: string, status: 400 | 404])[] = [
  ["/..", 400],
  ["/../etc/passwd", 400],
  ["/a/../../etc/passwd", 400],
  ["/%2e%2e/etc/passwd", 400],
  ["/.%2E/etc/passwd", 400],
  ["/./a", 400],
  ["/%2e", 400],
  ["/..%2fetc%2fpasswd", 400],
  ["/a%2Fb", 400],
  ["/a%5cb", 400],
  ["/..%5C..%5Cetc", 400],
  ["/..\\etc", 400],
  ["/\\example.com", 400],
  ["/a%00.js", 400],
  ["/%", 400],
  ["/%zz", 400],
  ["/%c0%ae%c0%ae/etc", 400],
  ["/%ff", 400],
  ["/a b", 400],
  ["/\xe9", 400],
  ["/\u20ac", 400],
  ["*", 400],
  ["", 400],
  ["http://example.com/", 400],
  ["//example.com/", 404],
  ["/a//b", 404],
  ["/.env", 404],
  ["/.git/config", 404],
  ["/%2egit/config", 404],
  ["/a/.b", 404],
  ["/a/.well-known/b", 404],
  ["/.well-known/.b", 404],
];

for (const [target, status] of refused) {
  test(`${JSON.stringify(target)} is refused with ${status}`, () => {
    assert.deepEqual(readRequestPath(target, plain), { refused: status });
  });
}

test("raw UTF-8 is its own encoding", () => {
  const path = readRequestPath("/\xc3\xa9/?q", plain);
  assert.deepEqual(path, { names: ["é"], isFolder: true, path: "/%C3%A9/", query: "?q" });
});

test("a base is cut off, and what is not below it is not there", () => {
  const below = { base: "/app/v1", dotfiles: false };
  const names = (target: string): unknown => readRequestPath(target, below);
  assert.partialDeepStrictEqual(names("/app/v1/x.js"), { names: ["x.js"], path: "/app/v1/x.js" });
  assert.partialDeepStrictEqual(names("/app/v1"), { names: [], isFolder: false });
  assert.partialDeepStrictEqual(names("/app/v1/"), { names: [], isFolder: true });
  for (const target of ["/", "/app", "/app/v1x", "/app/v2/x.js", "/x.js"])
    assert.deepEqual(names(target), { refused: 404 });
});

test("dot files are served where that is wanted, and ways upwards are not even then", () => {
  const open = { base: "/", dotfiles: true };
  assert.partialDeepStrictEqual(readRequestPath("/.config/a", open), { names: [".config", "a"] });
  assert.deepEqual(readRequestPath("/%2e%2e/a", open), { refused: 400 });
});

test("no target names anything above the directory", () => {
  const piece = fc.constantFrom(
    "/",
    "..",
    ".",
    "%2e",
    "%2E",
    "%2f",
    "%5c",
    "\\",
    "%00",
    "%25",
    "2e",
    "a",
    "?",
    "//",
    "~",
  );
  const targets = fc.oneof(
    fc.array(piece, { maxLength: 12 }).map((all) => `/${all.join("")}`),
    fc.string(),
  );
  fc.assert(
    fc.property(targets, fc.boolean(), fc.constantFrom("/", "/a"), (target, dotfiles, base) => {
      const path = readRequestPath(target, { base, dotfiles });
      if ("refused" in path) return;
      const whole = join("/srv/public", ...path.names);
      assert.equal(whole, normalize(whole));
      assert.ok(whole === "/srv/public" || whole.startsWith("/srv/public/"), whole);
      assert.equal(whole.split("/").length, 3 + path.names.length);
      assert.ok(!whole.includes("\0"));
    }),
    { numRuns: 2_000 },
  );
});
