import assert from "node:assert/strict";
import { test } from "node:test";
import type { TenfoldError } from "../kernel/index.ts";
import { type PurgeRequest, toPurgeOrders } from "./purge-request.ts";

function refusal(request: PurgeRequest): string {
  try {
    toPurgeOrders(request);
  } catch (error) {
    const { code, message, fix } = error as TenfoldError;
    assert.equal(code, "CACHE_PURGE_INVALID");
    return `${message}; ${fix}`;
  }
  return assert.fail("it was accepted");
}

test("each URL and each prefix is an order, and all tags are one", () => {
  const request = { urls: ["/a", "/b"], prefixes: ["/c/"], tags: ["x", "y"], soft: true };
  assert.deepEqual(toPurgeOrders(request), [
    { mode: "soft", by: "url", url: "/a" },
    { mode: "soft", by: "url", url: "/b" },
    { mode: "soft", by: "prefix", url: "/c/" },
    { mode: "soft", by: "tag", tags: ["x", "y"] },
  ]);
  assert.deepEqual(toPurgeOrders({ all: true }), [{ mode: "hard", by: "all" }]);
});

test("scheme and host are spelled in one way, the path stays as it is", () => {
  const table: [string, string][] = [
    ["HTTPS://Shop.Example:443/A/../b?C=%C3%A4", "https://shop.example/A/../b?C=%C3%A4"],
    ["http://shop.example:8080", "http://shop.example:8080/"],
    ["http://shop.example?q=1", "http://shop.example/?q=1"],
    ["http://[::1]:80/x", "http://[::1]/x"],
    ["/articles?page=2", "/articles?page=2"],
    ["/", "/"],
  ];
  for (const [url, expected] of table) {
    assert.deepEqual(toPurgeOrders({ urls: [url] }), [{ mode: "hard", by: "url", url: expected }]);
  }
});

test("what is no URL is refused, with what was probably meant", () => {
  const table: [string, RegExp][] = [
    ["shop.example/articles", /write "https:\/\/shop\.example\/articles"/],
    ["localhost:8080/a", /write "https:\/\/localhost:8080\/a" \(or http/],
    ["articles/5", /write "\/articles\/5" for this path on every host, or "https:\/\/articles\/5"/],
    ["//shop.example/a", /write "https:\/\/shop\.example\/a"/],
    ["ftp://shop.example/a", /neither a URL with its scheme nor a path/],
    ["http://", /neither a URL/],
    ["http://a:b@shop.example/", /leave the user and password out/],
    ["/über", /percent-encode it, as clients send it: "\/%C3%BCber"/],
    ["/a b", /percent-encode it/],
    ["/articles/*", /give "\/articles\/" as a prefix/],
    ["/a#b", /leave the fragment out, which no client sends: "\/a"/],
    ["", /an empty URL/],
  ];
  for (const [url, expected] of table) {
    assert.match(refusal({ urls: [url] }), expected, url);
    assert.match(refusal({ prefixes: [url] }), expected, url);
  }
});

test("nothing, all with something beside it, and tags that no answer can have are refused", () => {
  assert.match(refusal({}), /nothing; give a URL, a path, a prefix or a tag; or all/);
  assert.match(refusal({ soft: true, urls: [] }), /nothing/);
  assert.match(refusal({ all: true, tags: ["a"] }), /give all alone/);
  for (const tag of ["a b", "a,b", "", "x".repeat(257)]) assert.match(refusal({ tags: [tag] }), /the tag "/);
});
