import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { Agent, request } from "undici";
import type { CacheReport } from "../../src/platform/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import { createProject, type RunningTenfold, startTenfold } from "../support/tenfold.ts";

/** Says of nothing how long it is fresh, but of /cached. */
async function startOrigin(t: TestContext): Promise<string> {
  const server = createServer((incoming, response) => {
    if (incoming.url === "/cached") response.setHeader("cache-control", "max-age=600");
    if (incoming.url === "/account") response.setHeader("cache-control", "private");
    response.end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp(t, () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** On many connections, so that all gateway processes answer. */
async function get({ url }: RunningTenfold, path: string, times: number): Promise<void> {
  const dispatcher = new Agent();
  const one = async (): Promise<void> => (await request(url + path, { dispatcher, reset: true })).body.dump();
  for (let n = 0; n < times; n += 4) await Promise.all(Array.from({ length: Math.min(4, times - n) }, one));
  await dispatcher.close();
}

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly found: string;
  readonly fix?: string;
  readonly facts?: Readonly<Record<string, number>>;
}

test("status, doctor, metrics and the control API say what the cache did, and what is most worth caching next", async (t) => {
  const services = { api: { urls: [await startOrigin(t)], health: false } };
  const config = { services, database: false, gateway: { processes: 2 } };
  const tenfold = await startTenfold(
    t,
    createProject(t, { "tenfold.config.ts": `export default ${JSON.stringify(config)};` }),
  );
  assert.doesNotMatch((await tenfold.run("status")).stdout, /HIT RATIO/, "nobody has asked yet");

  await get(tenfold, "/cached", 40);
  await get(tenfold, "/tags", 60);
  await get(tenfold, "/account", 20);
  for (let id = 0; id < 10; id++) await get(tenfold, `/users/${id}?full=1`, 4);
  for (let id = 100; id < 120; id++) await get(tenfold, `/orders/${id}`, 1);

  const report = (await (await request(`${tenfold.control}/api/cache`)).body.json()) as CacheReport;
  const { requests, hitRatio } = report.services["api"]!;
  assert.equal(
    Object.values(requests).reduce((sum, count) => sum + count, 0),
    180,
  );
  assert.ok(requests.hit >= 36 && hitRatio > 0.19 && hitRatio < 0.25, JSON.stringify(requests));
  // A process that asks another finds out by itself as well.
  const candidates = new Map(report.worthCaching.map((each) => [each.path, each]));
  assert.deepEqual([...candidates.keys()].toSorted(), ["/account", "/tags", "/users/:id"]);
  const tags = candidates.get("/tags")!;
  assert.ok(tags.requests >= 60 && tags.requests <= 64, String(tags.requests));
  assert.equal(tags.urls, 1);
  assert.equal(tags.reason, "no-freshness");
  assert.ok(Math.abs(candidates.get("/users/:id")!.urls - 10) <= 2);

  const findings = (await tenfold.ask("doctor")) as Finding[];
  const about = (check: string): Finding => findings.find((each) => each.check === check)!;
  assert.match(
    about("cache").found,
    /^answered without asking a service: api 2\d\.\d %; \d answers? in less than 1 MB$/,
  );
  const advice = about("worth caching, GET /tags");
  assert.equal(advice.verdict, "warning");
  assert.match(
    advice.found,
    /^6\d requests to api for one URL, .* ms each: the answer says nothing of how long it is fresh$/,
  );
  assert.match(advice.fix!, /add Cache-Control/);
  assert.equal(about("worth caching, GET /account").verdict, "ok", "somebody has said so");

  assert.match((await tenfold.run("status")).stdout, /CACHE +HIT RATIO.*\napi +2\d\.\d %/);
  assert.deepEqual(
    ((await tenfold.ask("status")) as { cache: CacheReport }).cache.services["api"],
    report.services["api"],
  );
  const metrics = await (await request(`${tenfold.control}/metrics`)).body.text();
  assert.match(metrics, /^tenfold_cache_requests_total\{gateway="gateway-1",service="api",outcome="hit"\} \d+$/m);
  assert.match(metrics, /^tenfold_cache_bytes\{gateway="gateway-2"\} \d+$/m);
});
