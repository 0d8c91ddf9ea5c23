import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { serve } from "@hono/node-server";
import express from "express";
import Fastify from "fastify";
import { Hono } from "hono";
import { createLimits, type Limits } from "../limits.ts";
import { limitExpress } from "./express.ts";
import { limitFastify } from "./fastify.ts";
import { limitHono } from "./hono.ts";

type Names = "login" | "key" | "all";

const limitsOf = (): Limits<Names> =>
  createLimits({
    limits: { login: "2/minute per ip and route", key: "3/minute per header:x-key and cookie:s", all: "100/second" },
  });

/** Limits every request by `key`, those of `/login` also by `login` and `all`, and believes the proxy before it. */
const frameworks: Readonly<Record<string, (t: TestContext, limits: Limits<Names>) => Promise<string>>> = {
  async Fastify(t, limits) {
    const app = Fastify({ trustProxy: true });
    t.after(() => app.close());
    await app.register(limitFastify(limits, { limit: "key", skip: ({ headers }) => headers["x-skip"] === "1" }));
    await app.register(async (scope) => {
      await scope.register(limitFastify(limits, { limit: ["login", "all"], weight: weightOf }));
      scope.get("/login", () => "in");
    });
    app.get("/", () => "home");
    return app.listen({ port: 0, host: "127.0.0.1" });
  },

  async Express(t, limits) {
    const app = express();
    app.set("trust proxy", true);
    app.use(limitExpress(limits, { limit: "key", skip: ({ headers }) => headers["x-skip"] === "1" }));
    app.get("/login", limitExpress(limits, { limit: ["login", "all"], weight: weightOf }), (_, response) => {
      response.send("in");
    });
    app.get("/", (_, response) => void response.send("home"));
    return listening(t, createServer(app).listen(0, "127.0.0.1"));
  },

  async Hono(t, limits) {
    const app = new Hono();
    app.use(limitHono(limits, { limit: "key", skip: ({ req }) => req.header()["x-skip"] === "1" }));
    const ip = (context: { req: { header(): Record<string, string> } }): string | undefined =>
      context.req.header()["x-forwarded-for"] ?? "127.0.0.1";
    const weight = ({ req }: { req: { header(): Record<string, string> } }): number =>
      weightOf({ headers: req.header() });
    app.get("/login", limitHono(limits, { limit: ["login", "all"], ip, weight }), (context) => context.text("in"));
    app.get("/", (context) => context.text("home"));
    return listening(t, serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server);
  },
};

for (const [framework, start] of Object.entries(frameworks)) {
  void test(`in ${framework}, answers say what is left, and what is refused is told when to come back`, async (t) => {
    const url = await start(t, limitsOf());
    const first = await get(`${url}/login`);
    assert.equal(first.status, 200);
    assert.equal(first.body, "in");
    assert.equal(first.headers.get("ratelimit-policy"), '"login";q=2;w=60, "all";q=100;w=1');
    assert.match(first.headers.get("ratelimit")!, /^"login";r=1;t=60, "all";r=99;t=1$/);
    await get(`${url}/login`);
    const refused = await get(`${url}/login`);
    assert.equal(refused.status, 429);
    assert.match(refused.headers.get("content-type")!, /^application\/problem\+json/);
    assert.match(refused.headers.get("retry-after")!, /^(60|59)$/);
    assert.match(refused.headers.get("ratelimit")!, /^"login";r=0;t=(60|59), "all";r=\d+;t=[01]$/);
    const problem = JSON.parse(refused.body) as Record<string, unknown>;
    assert.equal(problem["type"], "https://iana.org/assignments/http-problem-types#quota-exceeded");
    assert.equal(problem["status"], 429);
    assert.deepEqual(problem["violated-policies"], ["login"]);
    assert.equal((await get(`${url}/`)).status, 200);
  });

  void test(`in ${framework}, clients are told apart by the address that it names`, async (t) => {
    const url = await start(t, limitsOf());
    const as = (address: string) => get(`${url}/login`, { "x-forwarded-for": address });
    for (let i = 0; i < 2; i++) await as("203.0.113.1");
    assert.equal((await as("203.0.113.1")).status, 429);
    assert.equal((await as("203.0.113.2")).status, 200);
    for (let i = 0; i < 2; i++) await as(`2001:db8::${i}`);
    assert.equal((await as("2001:db8::ffff")).status, 429);
  });

  void test(`in ${framework}, clients are told apart by headers and cookies, and limits that follow each other all speak`, async (t) => {
    const url = await start(t, limitsOf());
    const as = (key: string, more: Record<string, string> = {}) =>
      get(`${url}/login`, { "x-key": key, cookie: "a=b; s=1", "x-forwarded-for": key, ...more });
    const first = await as("k");
    assert.equal(first.headers.get("ratelimit-policy"), '"key";q=3;w=60, "login";q=2;w=60, "all";q=100;w=1');
    for (let i = 0; i < 2; i++) await as("k");
    const refused = await as("k", { "x-forwarded-for": "203.0.113.9" });
    assert.deepEqual((JSON.parse(refused.body) as Record<string, unknown>)["violated-policies"], ["key"]);
    assert.equal((await as("k", { "x-skip": "1", "x-forwarded-for": "203.0.113.9" })).status, 200);
    assert.equal((await as("l")).status, 200);
    assert.equal((await get(`${url}/`)).headers.get("ratelimit"), null);
  });

  void test(`in ${framework}, a request counts for its weight`, async (t) => {
    const url = await start(t, limitsOf());
    assert.equal((await get(`${url}/login`, { "x-weight": "2" })).status, 200);
    assert.equal((await get(`${url}/login`)).status, 429);
  });
}

void test("in Hono, the Node server says who the client is", async (t) => {
  const app = new Hono();
  app.get("/", limitHono(limitsOf(), { limit: "login" }), (context) => context.text("in"));
  const url = await listening(t, serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }) as Server);
  const statuses = [];
  for (let i = 0; i < 3; i++) statuses.push((await get(url)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

void test("in Express, a path is no other route in capitals", async (t) => {
  const app = express();
  app.use("/api", limitExpress(limitsOf(), { limit: "login" }), (_, response) => void response.send("in"));
  const url = await listening(t, createServer(app).listen(0, "127.0.0.1"));
  const statuses = [];
  for (const path of ["/api/a", "/API/a", "/Api"]) statuses.push((await get(url + path)).status);
  assert.deepEqual(statuses, [200, 200, 429]);
});

void test("a mistake in what is asked goes where the framework's errors go", async (t) => {
  const app = express();
  app.use(limitExpress(limitsOf(), { limit: "login", ip: () => undefined }));
  app.use((error: { code: string }, _: unknown, response: express.Response, __: unknown) => {
    response.status(500).send(error.code);
  });
  const url = await listening(t, createServer(app).listen(0, "127.0.0.1"));
  assert.deepEqual((await get(url)).body, "LIMITS_CALLER_INCOMPLETE");
});

function weightOf({ headers }: { headers: Readonly<Record<string, string | string[] | undefined>> }): number {
  return Number(headers["x-weight"] ?? 1);
}

async function get(url: string, headers: Record<string, string> = {}) {
  const response = await fetch(url, { headers: { connection: "close", ...headers } });
  return { status: response.status, headers: response.headers, body: await response.text() };
}

async function listening(t: TestContext, server: Server): Promise<string> {
  if (!server.listening) await once(server, "listening");
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}
