import assert from "node:assert/strict";
import { test } from "node:test";
import { findInvalidated, type Invalidated } from "./invalidation.ts";

const url = "https://a.example/articles/1?x=1";

function after(method: string, status = 200, ...raw: string[]): Invalidated {
  return findInvalidated({ method, origin: "https://a.example", target: "/articles/1?x=1" }, { status, raw });
}

const none = { urls: [], tags: [] };

for (const method of ["GET", "HEAD", "OPTIONS", "TRACE"]) {
  test(`${method} changes nothing`, () => assert.deepEqual(after(method, 200, "Location", "/x"), none));
}

for (const method of ["POST", "PUT", "PATCH", "DELETE", "M-SEARCH"]) {
  test(`${method} makes its target invalid`, () => assert.deepEqual(after(method), { urls: [url], tags: [] }));
}

for (const status of [200, 201, 204, 303, 307]) {
  test(`answered with ${status}`, () => assert.deepEqual(after("POST", status).urls, [url]));
}
for (const status of [400, 404, 409, 500, 503]) {
  test(`not when answered with ${status}`, () => assert.deepEqual(after("POST", status), none));
}

test("a host that is spelt in an odd way is the one that answers are stored under", () => {
  for (const origin of ["http://127.1:8080", "http://a.example:08080", "http://a.example:99999"]) {
    const raw = ["Location", "/2", "Cache-Group-Invalidation", '"g"'];
    const { urls, tags } = findInvalidated({ method: "POST", origin, target: "/1" }, { status: 200, raw });
    assert.equal(urls[0], `${origin}/1`);
    assert.deepEqual(tags, [`group ${origin} g`]);
    if (URL.canParse(origin)) assert.equal(urls[1], `${origin}/2`);
  }
});

test("what the answer names of the same origin is invalid too", () => {
  assert.deepEqual(
    after("POST", 201, "Location", "/articles/2", "Content-Location", "https://a.example/articles/3#top").urls,
    [url, "https://a.example/articles/2", "https://a.example/articles/3"],
  );
  assert.deepEqual(after("POST", 201, "Location", "2").urls, [url, "https://a.example/articles/2"]);
});

test("what it names of another origin is not its to judge", () => {
  for (const other of [
    "https://b.example/x",
    "http://a.example/x",
    "https://a.example:8443/x",
    "//b.example/x",
    "http://[",
  ])
    assert.deepEqual(after("POST", 201, "Location", other).urls, [url], other);
});

test("groups that the answer names are those of its origin", () => {
  assert.deepEqual(after("POST", 204, "Cache-Group-Invalidation", '"articles", "feeds"').tags, [
    "group https://a.example articles",
    "group https://a.example feeds",
  ]);
  assert.deepEqual(after("POST", 500, "Cache-Group-Invalidation", '"articles"'), none);
});
