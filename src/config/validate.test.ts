import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type Setting, validateConfig } from "./validate.ts";

const setting: Setting = {
  root: import.meta.dirname,
  mode: "test",
  projectName: "demo",
  environment: { PATH: process.env["PATH"] ?? "" },
  database: undefined,
};

const node = "node --eval 0";
const pathsOf = (written: unknown): string[] =>
  (validateConfig(written, setting).problems ?? []).map(({ path }) => path);

test("a conflict that rests on a wrong value is not reported beside it", () => {
  assert.deepEqual(pathsOf({ services: { api: { command: node, scale: { min: 20, max: "x" } } } }), [
    "services.api.scale.max",
  ]);
  assert.deepEqual(pathsOf({ services: { api: { comand: node } } }), ["services.api.comand"]);
  assert.deepEqual(pathsOf({ services: { a: { command: node, routes: ["x"] }, b: { command: node } } }), [
    "services.a.routes[0]",
  ]);
});

test("problems of different kinds are all reported", () => {
  const written = {
    nmae: "x",
    services: {
      api: { command: node, scale: { min: 3, max: 2 }, drain: "x" },
      b: { urls: ["http://a:1"], scale: { min: 1 }, routes: ["/b"] },
    },
    control: { port: 8080 },
  };
  const expected = ["services.api.drain", "nmae", "services.b.scale", "services.api.scale.min", "control.port"];
  assert.deepEqual(pathsOf(written).toSorted(), expected.toSorted());
});

test("routes that differ in a condition are not ambiguous", () => {
  const claims = [
    ["/api/*", "/api"],
    ["/api/*", "a.example.com/api/*"],
    [
      { path: "/x", method: "GET" },
      { path: "/x", method: ["POST", "PUT"] },
    ],
    [{ path: "/x", method: "GET" }, "/x"],
    [
      { path: "/x", header: { a: "1" } },
      { path: "/x", header: { a: "2" } },
    ],
  ];
  for (const [a, b] of claims) {
    assert.deepEqual(
      pathsOf({ services: { a: { command: node, routes: [a] }, b: { command: node, routes: [b] } } }),
      [],
    );
  }
  const same = {
    services: {
      a: { command: node, routes: [{ method: ["GET", "PUT"] }] },
      b: { command: node, routes: [{ method: "PUT" }] },
    },
  };
  assert.deepEqual(pathsOf(same), ["services.b.routes[0]"]);
});

test("a split must not come back", () => {
  const service = (split: Record<string, string>) => ({ command: node, routes: [] as string[], split });
  assert.deepEqual(
    pathsOf({ services: { a: service({ b: "10%", c: "90%" }), b: service({ c: "5%" }), c: service({}) } }),
    [],
  );
  assert.deepEqual(
    pathsOf({ services: { a: service({ b: "10%" }), b: service({ c: "5%" }), c: service({ a: "1%" }) } }),
    ["services.a.split.b", "services.b.split.c", "services.c.split.a"],
  );
  assert.deepEqual(pathsOf({ services: { a: service({ a: "10%" }) } }), ["services.a.split.a"]);
});

test("a name must not give a variable that means something else", () => {
  assert.deepEqual(pathsOf({ services: { database: { command: node } } }), ["services.database"]);
  assert.deepEqual(pathsOf({ services: { api: { command: node, env: { PORT: "3000" } } } }), ["services.api.env.PORT"]);
});

test("timeouts must leave each other room", () => {
  const timeouts = (value: object) => pathsOf({ services: { api: { command: node, timeouts: value } } });
  assert.deepEqual(timeouts({ total: "30s" }), []);
  assert.deepEqual(timeouts({ total: "30s", response: "40s" }), ["services.api.timeouts.response"]);
  assert.deepEqual(timeouts({ total: "1s" }), ["services.api.timeouts.connect"]);
});

test("what is said about caching has an effect, and one only", () => {
  const services = (cache: unknown, routes: unknown[] = ["/*"]) => ({
    services: { api: { command: node, cache, routes } },
  });
  assert.deepEqual(pathsOf({ ...services("5s"), gateway: { cache: "1MiB" } }), []);
  assert.deepEqual(pathsOf({ ...services(false, [{ path: "/a", cache: false }]), gateway: { cache: false } }), []);
  assert.deepEqual(pathsOf({ ...services("5s", [{ path: "/a", cache: { ttl: "1s" } }]), gateway: { cache: "0B" } }), [
    "services.api.cache",
    "services.api.routes[0].cache",
  ]);
  assert.deepEqual(pathsOf({ ...services("5s"), gateway: { cache: "1KiB" } }), ["gateway.cache"]);
  const twice = (cache: unknown) =>
    services(undefined, [
      { path: "/a", cache: "5s" },
      { path: "/a", cache },
    ]);
  assert.deepEqual(pathsOf(twice({ ttl: "5000ms" })), []);
  assert.deepEqual(pathsOf(twice("6s")), ["services.api.routes[1]"]);
});

test("routes are the same whatever is said of their cache", () => {
  const route = (cache: string) => ({ command: node, routes: [{ path: "/x", cache }] });
  assert.deepEqual(pathsOf({ services: { a: route("1s"), b: route("2s") } }), ["services.b.routes[0]"]);
});

test("a script that does not exist is named, with the one that does", () => {
  const { problems = [] } = validateConfig({ services: { api: { command: "node validat.ts" } } }, setting);
  assert.deepEqual(
    problems.map(({ path, hint }) => ({ path, hint })),
    [{ path: "services.api.command", hint: "did you mean validate.ts?" }],
  );
});

test("nothing that can be written makes the check itself fail", () => {
  const key = fc.constantFrom(
    "services",
    "api",
    "command",
    "urls",
    "routes",
    "gateway",
    "health",
    "scale",
    "split",
    "port",
    "path",
    "env",
    "limits",
    "tiers",
    "events",
    "jwt",
    "overload",
    "rate",
    "per",
    "weight",
    "concurrency",
    "all",
    "all/api",
    "x y",
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 5 },
      fc.constantFrom(
        null,
        undefined,
        true,
        false,
        0,
        -1,
        1.5,
        Number.NaN,
        "",
        "5s",
        "/x/*",
        "50%",
        node,
        "http://a:1",
        "9/second per claim:sub",
        "9/second burst 9",
        "unlimited",
      ),
      fc.string(),
      fc.array(tie("tree"), { maxLength: 3 }),
      fc.dictionary(key, tie("tree"), { maxKeys: 5 }),
    ),
  }));
  fc.assert(
    fc.property(tree, (written) => {
      for (const each of [
        written,
        { services: { api: written } },
        { services: { api: { command: node } }, gateway: written },
        { services: { api: { command: node } }, gateway: { limits: written, tiers: written, events: written } },
        { services: { api: { command: node, limits: { all: written } } }, gateway: { jwt: written } },
      ]) {
        const { problems } = validateConfig(each, setting);
        assert.ok(
          problems === undefined ||
            problems.every(({ path, found, expected }) => path !== "" && found !== "" && expected !== ""),
        );
      }
    }),
    { numRuns: 300 },
  );
});

const filesOf = (files: unknown, routes?: readonly string[]): string[] =>
  pathsOf({ services: { web: { static: files, ...(routes === undefined ? {} : { routes }) } } });
const checks = "checks";

function resolvedWeb(files: unknown) {
  const validation = validateConfig({ services: { web: { static: files } } }, setting);
  assert.equal(validation.problems, undefined);
  return validation.config.services["web"]!;
}

test("files are told by a folder, or by more", () => {
  const web = resolvedWeb(checks);
  assert.ok(web.kind === "static");
  assert.deepEqual(web.static, {
    directory: join(import.meta.dirname, checks),
    base: "/",
    index: "index.html",
    immutable: true,
    compress: true,
    dotfiles: false,
  });
  assert.deepEqual([web.health, web.routes], [false, [{}]]);
  const long = { directory: checks, base: "/app/", immutable: ["/app/x/*", "/*"], index: false, fallback: "check.ts" };
  const more = resolvedWeb(long);
  assert.ok(more.kind === "static");
  assert.equal(more.static.base, "/app");
  assert.deepEqual(more.static.immutable, [
    { kind: "prefix", value: "/app/x" },
    { kind: "prefix", value: "" },
  ]);
});

test("what files cannot be is refused", () => {
  for (const base of ["app", "/app/*", "/*", "/a b", "/../a", "//a", "/a%20b"]) {
    assert.deepEqual(filesOf({ directory: checks, base }), ["services.web.static.base"], base);
  }
  for (const fallback of ["/index.html", "../x", "a/../b", "", "nowhere.html"]) {
    assert.deepEqual(filesOf({ directory: checks, fallback }), ["services.web.static.fallback"], fallback);
  }
  for (const index of ["a/b.html", "..", "", true]) {
    assert.deepEqual(filesOf({ directory: checks, index }), ["services.web.static.index"], String(index));
  }
  assert.deepEqual(filesOf({ directory: checks, immutable: ["x"] }), ["services.web.static.immutable[0]"]);
  assert.deepEqual(filesOf({}), ["services.web.static.directory"]);
  assert.deepEqual(filesOf({ directory: "validate.ts" }), ["services.web.static.directory"]);
  for (const folder of [".", "..", "/"]) assert.deepEqual(filesOf(folder), ["services.web.static"], folder);
});

test("routes lead to files that are there, or say where the folder stands", () => {
  assert.deepEqual(filesOf(checks, ["/assets/*"]), ["services.web.routes"]);
  assert.deepEqual(filesOf(checks, ["/check.ts", "/assets/*"]), []);
  assert.deepEqual(filesOf({ directory: checks, base: "/assets" }, ["/assets/*"]), []);
  assert.deepEqual(filesOf({ directory: checks, fallback: "check.ts" }, ["/app/*"]), []);
  assert.deepEqual(filesOf(checks, []), []);
  assert.deepEqual(filesOf(checks, ["a.example.com"]), []);
});
