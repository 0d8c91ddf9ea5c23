import assert from "node:assert/strict";
import { test } from "node:test";
import { hash32 } from "./hash.ts";
import { hashKeyOf, requestKey } from "./request-key.ts";

const request = {
  clientAddress: "10.0.0.7",
  path: "/articles/1",
  header: (name: string) => ({ "x-tenant": "acme", cookie: "theme=dark; user=ada" })[name],
};

test("requests are kept together by what the config names", () => {
  assert.equal(requestKey({ source: "ip" }, request), hash32("10.0.0.7"));
  assert.equal(requestKey({ source: "path" }, request), hash32("/articles/1"));
  assert.equal(requestKey({ source: "header", name: "x-tenant" }, request), hash32("acme"));
  assert.equal(requestKey({ source: "cookie", name: "user" }, request), hash32("ada"));
});

test("a request without the header or cookie is kept together by its client's address", () => {
  assert.equal(requestKey({ source: "header", name: "x-user" }, request), hash32("10.0.0.7"));
  assert.equal(requestKey({ source: "cookie", name: "sid" }, request), hash32("10.0.0.7"));
});

test("only selectors that hash need a key", () => {
  assert.deepEqual(hashKeyOf({ algorithm: "ip-hash" }), { source: "ip" });
  assert.deepEqual(hashKeyOf({ algorithm: "consistent-hash", key: { source: "path" } }), { source: "path" });
  assert.equal(hashKeyOf({ algorithm: "least-connections" }), undefined);
});
