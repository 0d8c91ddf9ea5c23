import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePredicate } from "./predicate.ts";

const request = (method: string, headers: Record<string, string> = {}) => ({
  method,
  header: (name: string): string | undefined => headers[name],
});

test("a route without further conditions has no predicate", () => {
  assert.deepEqual(compilePredicate({}), { predicate: undefined, conditions: 0 });
});

test("every condition must hold", () => {
  const { predicate, conditions } = compilePredicate({
    methods: ["POST", "PUT"],
    headers: { "x-tenant": "acme", "x-beta": true },
    cookies: { plan: "pro" },
  });
  const all = { "x-tenant": "acme", "x-beta": "", cookie: "a=b; plan=pro" };
  assert.equal(conditions, 4);
  assert.equal(predicate?.(request("POST", all)), true);
  assert.equal(predicate(request("PUT", all)), true);
  assert.equal(predicate(request("GET", all)), false);
  assert.equal(predicate(request("POST", { ...all, "x-tenant": "Acme" })), false);
  assert.equal(predicate(request("POST", { "x-tenant": "acme", cookie: "plan=pro" })), false);
  assert.equal(predicate(request("POST", { ...all, cookie: "plan=free" })), false);
  assert.equal(predicate(request("POST", { "x-tenant": "acme", "x-beta": "1" })), false);
});

test("a cookie that need only be present may be empty", () => {
  const { predicate } = compilePredicate({ cookies: { beta: true } });
  assert.equal(predicate?.(request("GET", { cookie: "beta=" })), true);
  assert.equal(predicate(request("GET", { cookie: "other=1" })), false);
});

test("who takes GET takes HEAD, and not the other way round", () => {
  assert.equal(compilePredicate({ methods: ["GET"] }).predicate?.(request("HEAD")), true);
  assert.equal(compilePredicate({ methods: ["HEAD"] }).predicate?.(request("GET")), false);
  assert.equal(compilePredicate({ methods: ["POST"] }).predicate?.(request("HEAD")), false);
});
