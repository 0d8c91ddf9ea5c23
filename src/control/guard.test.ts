import assert from "node:assert/strict";
import { test } from "node:test";
import { type GuardedRequest, type GuardPolicy, isLoopbackAddress, refusalOf } from "./guard.ts";

const loopback: GuardPolicy = { isLoopback: true, port: 8081, token: undefined };
const open: GuardPolicy = { isLoopback: false, port: 8081, token: "s3cret" };
const request = (over: Partial<GuardedRequest>): GuardedRequest => ({
  host: "127.0.0.1:8081",
  origin: undefined,
  secFetchSite: undefined,
  authorization: undefined,
  ...over,
});

test("honest callers pass, web pages and strangers do not", () => {
  const table: [string, GuardPolicy, Partial<GuardedRequest>, number | undefined][] = [
    ["the CLI", loopback, {}, undefined],
    ["by name", loopback, { host: "localhost:8081" }, undefined],
    ["the dashboard", loopback, { origin: "http://127.0.0.1:8081", secFetchSite: "same-origin" }, undefined],
    ["typed into the address bar", loopback, { secFetchSite: "none" }, undefined],
    ["a rebound name", loopback, { host: "evil.example:8081" }, 403],
    ["no Host", loopback, { host: undefined }, 403],
    ["another port's page", loopback, { origin: "http://127.0.0.1:3000" }, 403],
    ["a page on the web", loopback, { origin: "https://evil.example" }, 403],
    ["a sandboxed frame", loopback, { origin: "null" }, 403],
    ["an image tag", loopback, { secFetchSite: "cross-site" }, 403],
    ["a stranger", open, { host: "10.0.0.5:8081" }, 401],
    ["a wrong token", open, { authorization: "Bearer s3cre" }, 401],
    ["another scheme", open, { authorization: "Basic s3cret" }, 401],
    ["the token", open, { host: "10.0.0.5:8081", authorization: "Bearer s3cret" }, undefined],
    ["the token from a foreign page", open, { authorization: "Bearer s3cret", origin: "https://evil.example" }, 403],
  ];
  for (const [name, policy, over, status] of table) {
    assert.equal(refusalOf(request(over), policy)?.status, status, name);
  }
});

test("loopback addresses are told from others", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) assert.ok(isLoopbackAddress(host), host);
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "127.evil.example"]) assert.ok(!isLoopbackAddress(host), host);
});
