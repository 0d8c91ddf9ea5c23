import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { test } from "node:test";
import type { Quota, ResolvedLimit, ResolvedLimits } from "../../src/config/index.ts";
import {
  eventually,
  RawClient,
  snapshotOf,
  startGateway,
  startGatewayBefore,
  startOrigin,
  upstream,
} from "../support/gateway-fixtures.ts";

const perMinute = (count: number): Quota => ({ algorithm: "sliding-window", count, windowMs: 60_000, burst: count });

function limit(name: string, count: number, more: Partial<ResolvedLimit> = {}): ResolvedLimit {
  return {
    name,
    routes: [],
    quota: perMinute(count),
    per: [{ source: "ip" }],
    weights: [],
    weight: 1,
    tiers: {},
    mode: "leased",
    whenAway: "local",
    maxKeys: 1_000,
    ...more,
  };
}

async function ask(port: number, path = "/", init: RequestInit = {}): Promise<Response> {
  const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
  await answer.clone().arrayBuffer();
  return answer;
}

const startLimited = async (limits: Partial<ResolvedLimits>, service = {}) => {
  const origin = await startOrigin((req, res) => req.resume().on("end", () => res.end("served")));
  const started = await startGatewayBefore(origin.port, { limits, service });
  return {
    ...started,
    origin,
    async [Symbol.asyncDispose]() {
      await started[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
    },
  };
};

test("each answer says what is left, and what is too much is refused with when to come again", async () => {
  await using started = await startLimited({ limits: [limit("anonymous", 2)] });
  const first = await ask(started.port);
  assert.equal(first.status, 200);
  assert.equal(first.headers.get("ratelimit-policy"), '"anonymous";q=2;w=60');
  assert.match(first.headers.get("ratelimit")!, /^"anonymous";r=1;t=(?:59|60)$/);
  assert.equal((await ask(started.port)).status, 200);
  const refused = await ask(started.port);
  assert.equal(refused.status, 429);
  assert.equal(refused.headers.get("content-type"), "application/problem+json");
  assert.match(refused.headers.get("retry-after")!, /^(?:59|60)$/);
  assert.match(refused.headers.get("ratelimit")!, /^"anonymous";r=0;t=(?:59|60)$/);
  const { requestId, ...problem } = (await refused.json()) as Record<string, unknown>;
  assert.equal(requestId, refused.headers.get("x-request-id"));
  assert.deepEqual(problem, {
    type: "https://iana.org/assignments/http-problem-types#quota-exceeded",
    title: "Too Many Requests",
    status: 429,
    detail: "More was asked than the limit allows.",
    code: "GATEWAY_LIMIT_EXCEEDED",
    "violated-policies": ["anonymous"],
  });
  assert.equal(started.origin.requests.length, 2);
  const { limits, services } = started.gateway.figures();
  assert.deepEqual(limits!.limits["anonymous"], { admitted: 2, refused: 1, decidedAway: 0, keys: 1 });
  assert.equal(services["api"]!.requests["429"], 1);
});

test("answers from the cache count, and say so", async () => {
  await using origin = await startOrigin((_, res) => res.setHeader("Cache-Control", "max-age=60").end("stored"));
  await using started = await startGatewayBefore(origin.port, { limits: { limits: [limit("all", 3)] } });
  for (const left of [2, 1, 0]) {
    const answer = await ask(started.port);
    assert.match(answer.headers.get("ratelimit")!, new RegExp(`^"all";r=${left};`));
  }
  assert.equal((await ask(started.port)).status, 429);
  assert.equal(origin.requests.length, 1);
});

test("requests that wait behind a refused one are served on the same connection", async () => {
  const limits = [limit("writes", 1, { routes: [{ methods: ["POST"] }] })];
  await using started = await startLimited({ limits });
  await using client = new RawClient(started.port);
  const post = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbody";
  client.send(`${post}${post}GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  const text = await client.untilClosed();
  assert.deepEqual(
    [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ["200", "429", "200"],
  );
});

test("a refused body is not sent on, whatever its size", async () => {
  await using started = await startLimited({ limits: [limit("all", 1)] });
  await ask(started.port);
  for (const size of [10, 100_000, 5_000_000]) {
    await using client = new RawClient(started.port);
    client.send(`POST / HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    client.send("x".repeat(Math.min(size, 200_000)));
    assert.match(await client.until((text) => text.includes("\r\n\r\n")), /^HTTP\/1\.1 429/);
  }
  assert.equal(started.origin.requests.length, 1);
});

test("several limits are one decision: what one refuses counts for none", async () => {
  const perKey = limit("per-key", 10, { per: [{ source: "header", name: "x-api-key" }] });
  await using started = await startLimited({ limits: [perKey, limit("all", 2, { per: [] })] });
  const headers = { "x-api-key": "mine" };
  for (let i = 0; i < 2; i++) assert.equal((await ask(started.port, "/", { headers })).status, 200);
  const refused = await ask(started.port, "/", { headers });
  assert.equal(refused.status, 429);
  assert.match(refused.headers.get("ratelimit")!, /"per-key";r=8;t=\d+, "all";r=0;t=\d+/);
  assert.deepEqual(((await refused.json()) as { "violated-policies": string[] })["violated-policies"], ["all"]);
});

test("limits by claim ask for a token that is verified, and others go by it", async () => {
  const secret = "a secret of this test that is long enough";
  const tokenOf = (claims: object): string => {
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
    const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  };
  const perUser = limit("per-user", 1, { per: [{ source: "claim", name: "sub" }] });
  await using started = await startLimited({
    limits: [perUser],
    jwt: { key: { kind: "secret", secret }, from: { kind: "header", name: "authorization" } },
  });
  const asUser = async (token: string): Promise<number> =>
    (await ask(started.port, "/", { headers: { authorization: `Bearer ${token}` } })).status;
  const [ann, bob] = [tokenOf({ sub: "ann" }), tokenOf({ sub: "bob" })];
  assert.deepEqual([await asUser(ann), await asUser(bob)], [200, 200]);
  assert.deepEqual([await asUser(ann), await asUser(bob)], [429, 429]);
  assert.equal(await asUser(`${ann.slice(0, -4)}AAAA`), 200);
  // The first request of a connection waits until its token is verified; what is pipelined behind it waits with it.
  await using client = new RawClient(started.port);
  const request = `GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${tokenOf({ sub: "new" })}\r\n`;
  client.send(`${request}\r\n${request}Connection: close\r\n\r\n`);
  assert.deepEqual(
    [...(await client.untilClosed()).matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status),
    ["200", "429"],
  );
});

test("who comes by the listener of a service is not limited: he is one of our own", async () => {
  await using origin = await startOrigin((_, res) => res.end("served"));
  await using started = await startGateway({
    upstreams: [upstream("api-1", origin.port)],
    limits: { limits: [limit("all", 1)] },
    listeners: [
      { host: "127.0.0.1", port: 0 },
      { host: "127.0.0.1", port: 0, service: "api" },
    ],
  });
  const internal = started.gateway.addresses().find(({ service }) => service === "api")!.port;
  assert.deepEqual([(await ask(started.port)).status, (await ask(started.port)).status], [200, 429]);
  for (let i = 0; i < 3; i++) assert.equal((await ask(internal)).status, 200);
});

test("limits change with the snapshot, and what is counted stays", async () => {
  await using started = await startLimited({ limits: [limit("all", 2)] });
  const apply = (limits: Partial<ResolvedLimits>): Promise<void> =>
    started.gateway.apply(snapshotOf({ upstreams: [upstream("api-1", started.origin.port)], limits }));
  await ask(started.port);
  await ask(started.port);
  assert.equal((await ask(started.port)).status, 429);
  await apply({ limits: [limit("all", 2)], adjustments: [{ limit: "all", quota: perMinute(3) }] });
  assert.deepEqual([(await ask(started.port)).status, (await ask(started.port)).status], [200, 429]);
  await apply({ limits: [limit("all", 2)] });
  assert.equal((await ask(started.port)).status, 429);
  await apply({});
  assert.equal((await ask(started.port)).headers.get("ratelimit"), null);
});

test("a client whose token is being verified has sent his head, however long that takes", async () => {
  await using issuer = await startOrigin(() => undefined);
  const perUser = limit("per-user", 1, { per: [{ source: "claim", name: "sub" }] });
  const jwt: ResolvedLimits["jwt"] = {
    key: { kind: "jwks", url: `http://127.0.0.1:${issuer.port}/jwks.json` },
    from: { kind: "header", name: "authorization" },
  };
  await using origin = await startOrigin((_, res) => res.end("served"));
  await using started = await startGatewayBefore(origin.port, {
    limits: { limits: [perUser], jwt },
    settings: { headTimeoutMs: 200 },
  });
  await using client = new RawClient(started.port);
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
  const token = `${part({ alg: "ES256" })}.${part({ sub: "ann" })}.AAAA`;
  client.send(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer ${token}\r\nConnection: close\r\n\r\n`);
  assert.match(await client.untilClosed(), /^HTTP\/1\.1 200 /);
  assert.equal(issuer.requests.length, 1);
});

test("connections that leave while their token is verified leave nothing behind", async () => {
  const perUser = limit("per-user", 1, { per: [{ source: "claim", name: "sub" }] });
  const jwt: ResolvedLimits["jwt"] = {
    key: { kind: "jwks", url: "http://127.0.0.1:9/jwks.json" },
    from: { kind: "header", name: "authorization" },
  };
  await using started = await startLimited({ limits: [perUser], jwt });
  for (let i = 0; i < 20; i++) {
    const client = new RawClient(started.port);
    client.send(`GET / HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer e30.e30.${i}\r\n\r\n`);
    client.socket.end();
  }
  await eventually(() => started.gateway.figures().connections === 0 && started.gateway.figures().active === 0);
});
