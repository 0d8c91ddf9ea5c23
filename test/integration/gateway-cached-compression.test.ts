import assert from "node:assert/strict";
import type { RequestListener, ServerResponse } from "node:http";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { ask, noise, prose } from "../support/coded-answers.ts";
import {
  eventually,
  type SnapshotOptions,
  snapshotOf,
  startGatewayBefore,
  startOrigin,
} from "../support/gateway-fixtures.ts";

/** What the cache does about codings, seen from outside. */

const compression = { of: "shared", types: ["text/*", "application/json"], minBytes: 1_024 } as const;
const settings = { compression, cacheBytes: 256 * 1024 * 1024 };
const accepting = (codings: string): Record<string, string> => ({ "accept-encoding": codings });
const browser = accepting("gzip, deflate, br, zstd");
const small = prose(5_000);
const large = prose(300_000);

function json(body: string | Buffer, fields: Record<string, string> = {}): RequestListener {
  const own = { "cache-control": "max-age=60", "content-type": "application/json", "content-length": body.length };
  return (_, res) => res.writeHead(200, { ...own, ...fields }).end(body);
}

async function start(listener: RequestListener, more: SnapshotOptions["settings"] = {}) {
  const origin = await startOrigin(listener);
  const it = await startGatewayBefore(origin.port, { settings: { ...settings, ...more } });
  const get = (headers: Record<string, string> = {}, path = "/", method = "GET") => ask(it.port, path, headers, method);
  const figures = () => it.gateway.figures().cache!;
  return {
    origin,
    it,
    get,
    figures,
    /** Until the form in this coding is there. */
    async coded(headers = browser, path = "/") {
      await get(headers, path);
      const before = figures().coded;
      await get(headers, path);
      await eventually(() => figures().coded > before || before > 0);
      return get(headers, path);
    },
    async [Symbol.asyncDispose]() {
      await it[Symbol.asyncDispose]();
      await origin[Symbol.asyncDispose]();
    },
  };
}

for (const [size, body] of [
  ["small", small],
  ["large", large],
] as const) {
  for (const coding of ["br", "zstd", "gzip"]) {
    test(`a ${size} answer that is asked for again is sent in ${coding}, and is the same`, async () => {
      await using at = await start(json(body, { etag: '"v1"' }));
      const first = await at.get(accepting(coding));
      assert.equal(first.headers["content-encoding"], undefined);
      assert.equal(first.headers["vary"], "Accept-Encoding");
      assert.equal(first.headers["etag"], '"v1"');
      assert.equal(first.text, body);
      const again = await at.coded(accepting(coding));
      assert.equal(again.headers["content-encoding"], coding);
      assert.equal(again.headers["vary"], "Accept-Encoding");
      assert.equal(again.headers["etag"], 'W/"v1"');
      assert.equal(again.headers["content-length"], `${again.body.length}`);
      assert.ok(again.body.length < body.length / 2);
      assert.equal(again.text, body);
      const plain = await at.get();
      assert.equal(plain.headers["content-encoding"], undefined);
      assert.equal(plain.headers["vary"], "Accept-Encoding");
      assert.equal(plain.headers["etag"], '"v1"');
      assert.equal(plain.text, body);
      assert.equal(at.origin.requests.length, 1);
    });
  }
}

test("each form is made once, however many ask", async () => {
  await using at = await start(json(large));
  await at.get();
  await Promise.all(Array.from({ length: 50 }, () => at.get(browser)));
  await eventually(() => at.figures().coded === 1);
  for (let i = 0; i < 10; i++) assert.equal((await at.get(browser)).headers["content-encoding"], "br");
  assert.equal(at.figures().coded, 1);
  assert.ok(at.figures().savedBytes > 10 * 200_000);
});

test("clients get the coding that they want most of those that are made here", async () => {
  await using at = await start(json(small));
  await at.get();
  const cases: readonly (readonly [string, string | undefined])[] = [
    ["gzip;q=0.9, br;q=0.5", "gzip"],
    ["br;q=0, gzip;q=0, zstd", "zstd"],
    ["identity;q=0, *", "br"],
    ["identity, gzip;q=0.5", undefined],
    ["deflate", undefined],
    ["*;q=0", undefined],
  ];
  for (const [codings, expected] of cases) {
    const { headers, text } = await at.get(accepting(codings));
    assert.equal(headers["content-encoding"], expected, codings);
    assert.equal(text, small);
  }
});

const untouched: readonly (readonly [what: string, body: string | Buffer, fields: Record<string, string>])[] = [
  ["no-transform", small, { "cache-control": "max-age=60, no-transform" }],
  ["a digest", small, { "repr-digest": "sha-256=:AA==:" }],
  ["another type", small, { "content-type": "image/svg" }],
  ["a small body", small.slice(0, 1_000), {}],
  ["a coding of its own", small, { "content-encoding": "x-own" }],
];

for (const [what, body, fields] of untouched) {
  test(`an answer is left as it is: ${what}`, async () => {
    await using at = await start(json(body, { etag: '"v1"', "accept-ranges": "bytes", ...fields }));
    for (let i = 0; i < 3; i++) {
      const { headers, body: got } = await at.get(browser);
      assert.equal(headers["vary"], undefined);
      assert.equal(headers["etag"], '"v1"');
      assert.equal(headers["accept-ranges"], "bytes");
      assert.equal(got.toString("latin1"), body);
    }
    assert.equal(at.figures().coded, 0);
  });
}

test("a client that forbids it gets the plain form", async () => {
  await using at = await start(json(small));
  await at.coded();
  const { headers, text } = await at.get({ ...browser, "cache-control": "no-transform" });
  assert.equal(headers["content-encoding"], undefined);
  assert.equal(text, small);
});

test("what does not shrink is sent as it is, and not tried again", async () => {
  const bytes = noise(20_000);
  await using at = await start(json(bytes));
  for (let i = 0; i < 5; i++) assert.deepEqual((await at.get(browser)).body, bytes);
  assert.equal(at.figures().coded, 0);
});

test("both forms are known by their tag, which a 304 names as the client has it", async () => {
  await using at = await start(json(small, { etag: '"v1"', vary: "Origin" }));
  const { headers } = await at.coded();
  for (const tag of [headers["etag"]!, '"v1"']) {
    for (const extra of [browser, {}]) {
      const answer = await at.get({ ...extra, "if-none-match": tag });
      assert.equal(answer.status, 304);
      assert.equal(answer.headers["etag"], tag);
      assert.equal(answer.headers["vary"], "Origin, Accept-Encoding");
    }
  }
  assert.equal((await at.get({ ...browser, "if-none-match": '"v2"' })).text, small);
});

test("parts are of the plain form", async () => {
  await using at = await start(json(small, { etag: '"v1"', "accept-ranges": "bytes" }));
  assert.equal((await at.coded()).headers["accept-ranges"], undefined);
  const part = await at.get({ ...browser, range: "bytes=10-19" });
  assert.equal(part.status, 206);
  assert.equal(part.headers["content-encoding"], undefined);
  assert.equal(part.headers["content-range"], "bytes 10-19/5000");
  assert.equal(part.headers["etag"], '"v1"');
  assert.equal(part.body.toString(), small.slice(10, 20));
  const other = await at.get({ ...browser, range: "bytes=10-19", "if-range": 'W/"v1"' });
  assert.deepEqual([other.status, other.text], [200, small]);
});

test("HEAD says what GET would", async () => {
  await using at = await start(json(small, { etag: '"v1"' }));
  const { headers } = await at.coded();
  const head = await at.get(browser, "/", "HEAD");
  for (const name of ["content-encoding", "content-length", "etag", "vary"])
    assert.equal(head.headers[name], headers[name]);
  assert.equal((await at.get({}, "/", "HEAD")).headers["content-length"], "5000");
});

test("an answer whose form varies here alone is one stored answer", async () => {
  await using at = await start(json(small));
  for (const codings of ["gzip", "br", "zstd, gzip", "identity", "deflate"]) await at.get(accepting(codings));
  assert.equal(at.origin.requests.length, 1);
  assert.equal(at.figures().answers, 1);
});

test("what the origin has coded itself stays as it is, and what it has left plain is coded", async () => {
  await using at = await start((req, res) => {
    const isCoded = req.headers["accept-encoding"] === "gzip";
    const fields = { vary: "accept-encoding", ...(isCoded ? { "content-encoding": "gzip" } : {}) };
    json(isCoded ? gzipSync(large) : small, fields)(req, res);
  });
  await Promise.all([at.get(accepting("gzip")), at.get(accepting("br"))]);
  for (let i = 0; i < 3; i++) assert.equal((await at.get(accepting("gzip"))).text, large);
  const { headers, text } = await at.get(accepting("br"));
  assert.equal(headers["content-encoding"], "br");
  assert.equal(headers["vary"], "Accept-Encoding");
  assert.equal(text, small);
  assert.equal(at.figures().coded, 1);
  assert.equal(at.origin.requests.length, 2);
});

test("a refreshed answer keeps its forms", async () => {
  let refreshed = 0;
  await using at = await start((req, res) => {
    const fields = {
      etag: '"v1"',
      "cache-control": "max-age=0, stale-while-revalidate=0",
      vary: "Origin",
      "x-times": `${refreshed}`,
    };
    if (req.headers["if-none-match"] !== '"v1"') return json(small, fields)(req, res);
    refreshed++;
    return res.writeHead(304, fields).end();
  });
  await at.get(browser);
  for (let i = 0; i < 5; i++) {
    const { headers, text } = await at.get(browser);
    assert.equal(headers["vary"], "Origin, Accept-Encoding");
    assert.equal(headers["x-times"], `${i}`);
    assert.equal(headers["content-encoding"], "br");
    assert.equal(headers["etag"], 'W/"v1"');
    assert.equal(text, small);
  }
  assert.deepEqual([at.figures().answers, at.figures().coded], [1, 1]);
  at.it.gateway.purge({ by: "all", mode: "hard" });
  await eventually(() => at.figures().bytes === 0);
});

test("what is purged while it is being coded does not come back", async () => {
  let body = large;
  await using at = await start((req, res) => json(body)(req, res));
  const begun = [...Array(8).keys()].map((i) => `/${i}`);
  for (const path of begun) await at.get(browser, path);
  await Promise.all(begun.map((path) => at.get(browser, path)));
  body = prose(200_000);
  at.it.gateway.purge({ by: "all", mode: "hard" });
  for (const path of begun) assert.equal((await at.get(browser, path)).text, body);
  for (const path of begun) {
    const end = performance.now() + 10_000;
    let answer = await at.get(browser, path);
    while (answer.headers["content-encoding"] === undefined && performance.now() < end)
      answer = await at.get(browser, path);
    assert.equal(answer.headers["content-encoding"], "br");
    assert.equal(answer.text, body);
  }
});

test("forms count, and nothing is left of what has gone", async () => {
  await using at = await start(json(small));
  await at.get();
  const plain = at.figures().bytes;
  const sizes = [];
  for (const coding of ["br", "zstd", "gzip"]) sizes.push((await at.get(accepting(coding))).body.length);
  const grown = at.figures().bytes - plain;
  assert.ok(grown >= sizes.reduce((sum, size) => sum + size, 0));
  assert.ok(grown < sizes.reduce((sum, size) => sum + size + 500, 0));
  at.it.gateway.purge({ by: "all", mode: "hard" });
  await eventually(() => at.figures().bytes === 0);
  assert.equal(at.figures().answers, 0);
});

test("forms take no more room than there is", async () => {
  await using at = await start(json(prose(7_000)), { cacheBytes: 100_000 });
  for (let round = 0; round < 3; round++)
    for (let i = 0; i < 20; i++)
      for (const coding of ["br", "zstd", "gzip"]) {
        assert.equal((await at.get(accepting(coding), `/${i % 13}`)).text, prose(7_000));
        assert.ok(at.figures().bytes <= 100_000);
      }
  assert.ok(at.figures().evicted > 0);
  at.it.gateway.purge({ by: "all", mode: "hard" });
  await eventually(() => at.figures().bytes === 0);
});

test("an answer of many megabytes is coded while clients are given it as it is", async () => {
  const body = prose(10_000_000);
  await using at = await start((_, res: ServerResponse) => {
    res.writeHead(200, { "cache-control": "max-age=60", "content-type": "text/plain" });
    for (let i = 0; i < body.length; i += 100_000) res.write(body.slice(i, i + 100_000));
    res.end();
  });
  assert.equal((await at.get(browser)).text, body);
  assert.equal((await at.get(browser)).text, body);
  await eventually(() => at.figures().coded === 1);
  const { headers, text } = await at.get(browser);
  assert.equal(headers["content-encoding"], "br");
  assert.equal(text, body);
});

test("it can be switched off, and what was coded is sent plain then", async () => {
  await using at = await start(json(small));
  await at.coded();
  const nothing = { of: "nothing", types: [], minBytes: 0 } as const;
  const { services, listeners } = at.it.snapshot;
  await at.it.gateway.apply({
    ...snapshotOf({ settings: { ...settings, compression: nothing } }),
    services,
    listeners,
  });
  assert.equal((await at.get(browser)).headers["content-encoding"], undefined);
  assert.equal(at.origin.requests.length, 1);
});
