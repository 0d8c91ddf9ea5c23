import assert from "node:assert/strict";
import { test } from "node:test";
import { isHost, isHostPattern, isLoopback, isNetwork, overlaps } from "./host-name.ts";

test("host names and addresses are told from what is neither", () => {
  for (const text of ["localhost", "a-b.example.com", "127.0.0.1", "::1", "xn--bcher-kva.example"])
    assert.ok(isHost(text), text);
  for (const text of ["", "a b", "-a.com", "a..b", "a:80", "ä.de", "a_b", "x".repeat(64)])
    assert.ok(!isHost(text), text);
  assert.ok(isHostPattern("*.example.com"));
  for (const text of ["*", "*.", "a.*.com", "*.1.2.3.4", "a.com:80"]) assert.ok(!isHostPattern(text), text);
});

test("networks", () => {
  for (const text of ["10.0.0.1", "10.0.0.0/8", "::1", "fc00::/7", "0.0.0.0/0"]) assert.ok(isNetwork(text), text);
  for (const text of ["10.0.0.0/33", "10.0.0/8", "::/129", "10.0.0.0/", "10.0.0.0/8/9", "example.com"])
    assert.ok(!isNetwork(text), text);
});

test("only this machine reaches a loopback address", () => {
  for (const host of ["localhost", "127.0.0.1", "127.9.9.9", "::1"]) assert.ok(isLoopback(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.example.com"]) assert.ok(!isLoopback(host), host);
});

test("a wildcard address gets in the way of every other", () => {
  assert.ok(overlaps("0.0.0.0", "127.0.0.1") && overlaps("localhost", "127.0.0.1") && overlaps("10.0.0.1", "10.0.0.1"));
  assert.ok(!overlaps("10.0.0.1", "127.0.0.1"));
});
