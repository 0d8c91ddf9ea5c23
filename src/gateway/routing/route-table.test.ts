import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { ResolvedRoute } from "../../config/index.ts";
import { compileRoutes, type RouteTable } from "./route-table.ts";

const exact = (value: string): ResolvedRoute => ({ path: { kind: "exact", value } });
const prefix = (value: string): ResolvedRoute => ({ path: { kind: "prefix", value } });

/** One service per route, named as given. */
function tableOf(routes: Record<string, ResolvedRoute>): RouteTable {
  return compileRoutes(Object.fromEntries(Object.entries(routes).map(([name, route]) => [name, { routes: [route] }])));
}

interface Asked {
  readonly host?: string;
  readonly method?: string;
  readonly headers?: Record<string, string>;
}

function ask(table: RouteTable, path: string, { host = "localhost", method = "GET", headers = {} }: Asked = {}) {
  return table.match({ host, path, method, header: (name) => headers[name] })?.service;
}

test("the exact path comes before the longest prefix", () => {
  const table = tableOf({ all: {}, api: prefix("/api"), users: prefix("/api/users"), me: exact("/api/users/me") });
  const expected: [string, string][] = [
    ["/", "all"],
    ["/other", "all"],
    ["/api", "api"],
    ["/api/", "api"],
    ["/api/articles/1", "api"],
    ["/apis", "all"],
    ["/api/users", "users"],
    ["/api/users/7", "users"],
    ["/api/users/me", "me"],
    ["/api/users/me/", "users"],
    ["/API", "all"],
  ];
  for (const [path, service] of expected) assert.equal(ask(table, path), service, path);
});

test("nothing matches where no route does", () => {
  assert.equal(ask(compileRoutes({}), "/"), undefined);
  assert.equal(ask(compileRoutes({ internal: { routes: [] } }), "/"), undefined);
  assert.equal(ask(tableOf({ api: prefix("/api") }), "/apis"), undefined);
});

test("a prefix may be spelled with a slash at its end, and the root in every way", () => {
  for (const root of ["", "/"]) assert.equal(ask(tableOf({ all: prefix(root) }), "/any/path"), "all");
  const table = tableOf({ api: prefix("/api/") });
  assert.equal(ask(table, "/api"), "api");
  assert.equal(ask(table, "/api/x"), "api");
});

test("a route's path is compared in the spelling of requests", () => {
  const table = tableOf({ cafe: prefix("/café"), encoded: exact("/a%20b"), user: exact("/%40me") });
  assert.equal(ask(table, "/caf%C3%A9/menu"), "cafe");
  assert.equal(ask(table, "/a%20b"), "encoded");
  assert.equal(ask(table, "/@me"), "user");
});

test("the host comes before the path: exact, then the longest wildcard, then any", () => {
  const table = tableOf({
    any: exact("/x"),
    exact: { host: "api.example.com" },
    wide: { host: "*.example.com" },
    narrow: { host: "*.eu.example.com" },
  });
  const expected: [string, string | undefined][] = [
    ["api.example.com", "exact"],
    ["www.example.com", "wide"],
    ["a.b.example.com", "wide"],
    ["www.eu.example.com", "narrow"],
    ["eu.example.com", "wide"],
    ["example.com", "any"],
    ["badexample.com", "any"],
    ["other.org", "any"],
    ["", "any"],
    [".example.com", "any"],
  ];
  for (const [host, service] of expected) assert.equal(ask(table, "/x", { host }), service, host);
  assert.equal(ask(table, "/y", { host: "other.org" }), undefined);
});

test("where the more specific host has no route for the request, the less specific one is asked", () => {
  const table = compileRoutes({
    admin: { routes: [{ ...prefix("/admin"), host: "api.example.com" }] },
    tenants: { routes: [{ host: "*.example.com", methods: ["POST"] }] },
    rest: { routes: [{}] },
  });
  assert.equal(ask(table, "/admin/x", { host: "api.example.com" }), "admin");
  assert.equal(ask(table, "/x", { host: "api.example.com", method: "POST" }), "tenants");
  assert.equal(ask(table, "/x", { host: "api.example.com" }), "rest");
});

test("of equal paths, the one with more conditions is asked first; of equal conditions, the first", () => {
  const table = tableOf({
    plain: prefix("/api"),
    writes: { ...prefix("/api"), methods: ["POST"] },
    beta: { ...prefix("/api"), methods: ["POST"], headers: { "x-beta": true } },
    second: prefix("/api"),
  });
  assert.equal(ask(table, "/api/x"), "plain");
  assert.equal(ask(table, "/api/x", { method: "POST" }), "writes");
  assert.equal(ask(table, "/api/x", { method: "POST", headers: { "x-beta": "1" } }), "beta");
  assert.equal(ask(table, "/api/x", { method: "DELETE", headers: { "x-beta": "1" } }), "plain");
});

test("a more specific path wins over more conditions, but only when it takes the request", () => {
  const table = tableOf({
    conditional: { ...prefix("/api"), headers: { "x-a": "1" }, cookies: { b: "2" } },
    deep: { ...prefix("/api/deep"), methods: ["PUT"] },
  });
  const headers = { "x-a": "1", cookie: "b=2" };
  assert.equal(ask(table, "/api/deep/x", { method: "PUT", headers }), "deep");
  assert.equal(ask(table, "/api/deep/x", { headers }), "conditional");
});

test("headers are not read unless a route asks for one", () => {
  const table = tableOf({ api: prefix("/api"), beta: { ...prefix("/beta"), headers: { "x-beta": true } } });
  const header = (): never => assert.fail("read");
  assert.equal(table.match({ host: "localhost", path: "/api/x", method: "GET", header })?.service, "api");
});

test("the same route is the same match", () => {
  const table = tableOf({ api: prefix("/api") });
  const request = { path: "/api/x", host: "h", method: "GET", header: () => undefined };
  assert.equal(table.match(request), table.match({ ...request, path: "/api/y" }));
});

test("finds what comparing every route with every other finds", () => {
  const segments = fc.array(fc.constantFrom("a", "b", "ab"), { maxLength: 3 }).map((names) => `/${names.join("/")}`);
  const path = fc.record({ kind: fc.constantFrom("exact" as const, "prefix" as const), value: segments });
  const host = fc.constantFrom("x.test", "a.x.test", "*.x.test", "*.a.x.test");
  const methods = fc.constantFrom(["GET"], ["POST"]);
  const route = fc.record({ path, host, methods }, { requiredKeys: [] });
  const asked = fc.record({
    path: segments,
    host: fc.constantFrom("x.test", "a.x.test", "b.a.x.test", "y.test"),
    method: fc.constantFrom("GET", "POST"),
  });
  fc.assert(
    fc.property(fc.array(route, { maxLength: 8 }), fc.array(asked, { maxLength: 10 }), (routes, requests) => {
      const table = compileRoutes({ only: { routes } });
      for (const each of requests) {
        const request = { ...each, header: () => undefined };
        assert.equal(table.match(request)?.route, bestOf(routes, each));
      }
    }),
    { numRuns: 500 },
  );
});

/** The rules of the table, one by one and slowly. */
function bestOf(routes: ResolvedRoute[], request: { path: string; host: string; method: string }) {
  const takes = ({ path, host, methods }: ResolvedRoute): boolean => {
    const base = path === undefined || path.value === "/" ? "" : path.value;
    const isPath = path?.kind === "exact" ? request.path === path.value : `${request.path}/`.startsWith(`${base}/`);
    const isHost =
      host === undefined || (host.startsWith("*") ? request.host.endsWith(host.slice(1)) : request.host === host);
    return isPath && isHost && (methods === undefined || methods.includes(request.method));
  };
  const rank = ({ path, host, methods }: ResolvedRoute): number[] => [
    host === undefined ? 0 : host.startsWith("*") ? host.length : 1_000,
    path === undefined || (path.kind === "prefix" && path.value === "/") ? 0 : path.value.length,
    path?.kind === "exact" ? 1 : 0,
    methods === undefined ? 0 : 1,
  ];
  const compare = (a: ResolvedRoute, b: ResolvedRoute): number => {
    const ranks = rank(b);
    return rank(a).reduce((order, value, i) => (order === 0 ? ranks[i]! - value : order), 0);
  };
  return routes.filter(takes).toSorted(compare).at(0);
}
