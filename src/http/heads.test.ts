import assert from "node:assert/strict";
import { test } from "node:test";
import { readRequestHead } from "./request-head.ts";
import { hostName, isAuthority, parseTarget } from "./request-target.ts";
import { reasonPhrase, readResponseHead, readTrailers } from "./response-head.ts";
import { createRequestIds, isSaneRequestId } from "./request-id.ts";

const plain = { status: 200, keepTrailer: false };
const withTrailer = { status: 200, keepTrailer: true };

test("end-to-end fields keep order, spelling and repetition", () => {
  const raw = ["X-A", "1", "Set-Cookie", "a", "x-a", "2", "Set-Cookie", "b", "ACCEPT", "*/*"];
  assert.deepEqual(readRequestHead(raw).fields, raw);
  assert.deepEqual(readResponseHead(raw, "id", plain).fields, [...raw, "Via", "1.1 tenfold", "X-Request-Id", "id"]);
});

test("hop-by-hop fields end here, in any spelling, and those that Connection lists", () => {
  const raw = [
    "KEEP-ALIVE",
    "5",
    "Proxy-Connection",
    "x",
    "connection",
    "close, X-Mine",
    "Te",
    "gzip",
    "Transfer-encoding",
    "chunked",
    "x-mine",
    "1",
    "Accept",
    "a",
  ];
  assert.deepEqual(readRequestHead(raw).fields, ["Accept", "a"]);
  assert.deepEqual(readResponseHead([...raw, "X-Request-Id", "theirs"], "ours", plain).fields, [
    "Accept",
    "a",
    "Via",
    "1.1 tenfold",
    "X-Request-Id",
    "ours",
  ]);
});

test("Connection cannot remove what framing or security stands on", () => {
  const raw = [
    "Connection",
    "content-length, Authorization , cookie,host",
    "Content-Length",
    "3",
    "Authorization",
    "a",
    "Cookie",
    "c",
  ];
  assert.deepEqual(readRequestHead(raw).fields, raw.slice(2));
});

test("Trailer passes only where trailers can", () => {
  const raw = ["Trailer", "X-Sum"];
  assert.ok(readResponseHead(raw, "id", withTrailer).fields.includes("Trailer"));
  assert.ok(!readResponseHead(raw, "id", plain).fields.includes("Trailer"));
  assert.ok(!readResponseHead([...raw, "Content-Length", "3"], "id", withTrailer).fields.includes("Trailer"));
  const trailers = ["X-Sum", "1", "Content-Length", "3", "Set-Cookie", "a"].map((text) => Buffer.from(text));
  assert.deepEqual(readTrailers(trailers), [["X-Sum", "1"]]);
});

test("targets in their four forms", () => {
  const table: readonly (readonly [string, string, { path: string; authority: string | undefined } | undefined])[] = [
    ["GET", "/a?b=c", { path: "/a?b=c", authority: undefined }],
    ["OPTIONS", "*", { path: "*", authority: undefined }],
    ["GET", "*", undefined],
    ["GET", "http://h:80/a", { path: "/a", authority: "h:80" }],
    ["GET", "HTTPS://h?x", { path: "/?x", authority: "h" }],
    ["GET", "http://h", { path: "/", authority: "h" }],
    ["OPTIONS", "http://h", { path: "*", authority: "h" }],
    ["GET", "http://u:p@h/", undefined],
    ["GET", "http:///a", undefined],
    ["GET", "h:80", undefined],
    ["GET", "/a#b", undefined],
    ["GET", "/a b", undefined],
    ["GET", "/\u00e4", undefined],
    ["GET", "", undefined],
  ];
  for (const [method, target, expected] of table) assert.deepEqual(parseTarget(target, method), expected, target);
});

test("authorities", () => {
  for (const good of ["a", "a.test:8080", "127.0.0.1", "[::1]", "[2001:db8::1]:443", "a_b.test", "a:"])
    assert.ok(isAuthority(good), good);
  for (const bad of ["", "a b", "a/b", "u@a", "a:b", "[::1", "::1", "a,b", 'a"b', "a:123456", "x".repeat(300)])
    assert.ok(!isAuthority(bad), bad);
  assert.deepEqual(["A.Test:80", "a", "[::1]:80", "[::1]"].map(hostName), ["a.test", "a", "[::1]", "[::1]"]);
});

test("request ids: theirs when sane, else ours, and ours never repeat", () => {
  assert.ok(isSaneRequestId("0af7651916cd43dd-1"));
  for (const bad of ["", "a b", 'a\n"', "x".repeat(129), "\u00e4"]) assert.ok(!isSaneRequestId(bad));
  const [one, other] = [createRequestIds(), createRequestIds()];
  const ids = Array.from({ length: 100 }, () => [one(), other()]).flat();
  assert.equal(new Set(ids).size, 200);
  assert.ok(ids.every(isSaneRequestId));
});

test("a reason that is not plain text is replaced", () => {
  assert.equal(reasonPhrase(404, "No such thing"), "No such thing");
  assert.equal(reasonPhrase(200, ""), "");
  assert.equal(reasonPhrase(200, "D\u00e9j\u00e0 vu"), "OK");
  assert.equal(reasonPhrase(299, "\ufffd"), "");
});
