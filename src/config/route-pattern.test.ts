import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePathPattern, parseRouteText, toRoute } from "./route-pattern.ts";

test("a path is exact, a prefix, or everything", () => {
  assert.deepEqual(parsePathPattern("/healthz"), { kind: "exact", value: "/healthz" });
  assert.deepEqual(parsePathPattern("/"), { kind: "exact", value: "/" });
  assert.deepEqual(parsePathPattern("/api/*"), { kind: "prefix", value: "/api" });
  assert.equal(parsePathPattern("/*"), undefined);
  assert.equal(parsePathPattern("*"), undefined);
  for (const text of ["api", "/a*", "/*/b", "/a/*/b", "/**", "/a?b", "/a#b", "/a b", "/ä", "/a/../b", "/./b", ""]) {
    assert.ok("fault" in (parsePathPattern(text) ?? {}), text);
  }
});

test("a text may begin with a host", () => {
  assert.deepEqual(parseRouteText("/api/*"), { path: "/api/*" });
  assert.deepEqual(parseRouteText("*"), { path: "*" });
  assert.deepEqual(parseRouteText("api.example.com"), { host: "api.example.com" });
  assert.deepEqual(parseRouteText("*.example.com/v1/*"), { host: "*.example.com", path: "/v1/*" });
  for (const text of ["api/*", "GET /x", "api.example.com:80/x", "http://a.b/c", "a.b/c*"]) {
    assert.ok("fault" in parseRouteText(text), text);
  }
});

test("a route is resolved with the names of hosts and headers in lower case", () => {
  assert.deepEqual(
    toRoute({
      path: "/v1/*",
      host: "API.example.com",
      method: "GET",
      header: { "X-Canary": true },
      cookie: { Beta: "1" },
    }),
    {
      path: { kind: "prefix", value: "/v1" },
      host: "api.example.com",
      methods: ["GET"],
      headers: { "x-canary": true },
      cookies: { Beta: "1" },
    },
  );
  assert.deepEqual(toRoute("/*"), {});
});
