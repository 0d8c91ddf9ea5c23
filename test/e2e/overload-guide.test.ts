import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { request } from "undici";
import { poll } from "../../src/kernel/index.ts";
import type { OverloadReport, PlatformStatus } from "../../src/platform/index.ts";
import {
  checkAnchors,
  checkConfigs,
  checkTypes,
  createGuideProject,
  programOf,
  readGuide,
  tableOf,
} from "../support/guide.ts";
import { type HeldOrigin, startHeldOrigin } from "../support/held-origin.ts";
import { type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const guide = readGuide("overload");
const statuses = tableOf(guide, "status", "code", "when");

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

async function ask(
  url: string,
  path: string,
  { method = "GET", headers = {} }: { method?: "GET" | "POST"; headers?: Record<string, string> } = {},
): Promise<Answer> {
  const answer = await request(url + path, { method, headers });
  const text = await answer.body.text();
  return {
    status: answer.statusCode,
    headers: answer.headers,
    body: text.startsWith("{") ? (JSON.parse(text) as Record<string, unknown>) : { text },
  };
}

test("the service to begin with does what the guide shows", async (t) => {
  const files = {
    "tenfold.config.ts": programOf(guide, "// tenfold.config.ts"),
    "server.ts": programOf(guide, "// server.ts"),
  };
  const tenfold = await startTenfold(t, createGuideProject(t, files));

  await t.test("less is done for the gateway alone", async () => {
    const dimmed = { headers: { "x-tenfold-brownout": "1" } };
    const whole = await ask(tenfold.url, "/products/1", dimmed);
    assert.deepEqual(whole.body["alsoBought"], ["cup for 1"]);
    const { services } = (await tenfold.ask("status")) as PlatformStatus;
    const less = await ask(`http://${services[0]!.instances[0]!.address}`, "/products/1", dimmed);
    assert.deepEqual([less.body["alsoBought"], less.headers["cache-control"]], [[], "no-store"]);
  });

  await t.test("reports have a bound of their own", async () => {
    const reports = Array.from({ length: 20 }, (_, year) => ask(tenfold.url, `/reports/${year}`));
    assert.equal((await ask(tenfold.url, "/checkout/7", { method: "POST" })).status, 200);
    const answers = await Promise.all(reports);
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(refused.length >= 8, "two are at the service, and ten wait");
    for (const { status, body } of refused) assert.deepEqual([status, body["code"]], [503, "GATEWAY_OVERLOADED"]);
    assert.ok(answers.some(({ status }) => status === 200));
  });

  await t.test("its figures", async () => {
    const metrics = await (await request(`${tenfold.control}/metrics`)).body.text();
    for (const [name] of tableOf(guide, "/metrics")) assert.match(metrics, new RegExp(`^${name}\\{`, "m"));
    assert.match(metrics, /^tenfold_overload_shed_total\{.*priority="background"\} [1-9]/m);
    const head = /^OVERLOAD .*$/m.exec(guide.text)![0].split(/\s{2,}/);
    assert.match((await tenfold.run("status")).stdout, new RegExp(`^${head.join(" +")}$`, "m"));
  });
});

/** A service that answers when the test says so, one request at a time. */
async function startHeld(t: TestContext, origin: HeldOrigin): Promise<RunningTenfold> {
  const overload = { concurrency: 1, queue: 2, queueTimeout: "60s" };
  const routes = [{ path: "/checkout/*", priority: "critical" }, { path: "/reports/*", priority: "background" }, "/*"];
  const shop = { urls: [`http://127.0.0.1:${origin.port}`], health: false, routes, overload };
  const config = { services: { shop }, database: false };
  return startTenfold(t, createGuideProject(t, { "tenfold.config.ts": `export default ${JSON.stringify(config)};` }));
}

test("who waits and who is turned away is as the guide says", async (t) => {
  await using origin = await startHeldOrigin();
  const tenfold = await startHeld(t, origin);
  const untilWaiting = (count: number): Promise<unknown> =>
    poll(
      async () => {
        const report = await (await request(`${tenfold.control}/metrics`)).body.text();
        return new RegExp(`^tenfold_overload_waiting\\{.*\\} ${count}$`, "m").test(report) || undefined;
      },
      { everyMs: 20, deadlineMs: 20_000, onTimeout: () => new Error(`never ${count} waiting`) },
    );
  const post = (path: string, headers: Record<string, string> = {}): Promise<Answer> =>
    ask(tenfold.url, path, { method: "POST", headers });
  const [full, unmeetable, late] = statuses as [string[], string[], string[]];
  const isAs = ({ status, body, headers }: Answer, [expected, code]: string[]): void => {
    assert.deepEqual([String(status), body["code"]], [expected, code]);
    assert.equal(headers["content-type"], "application/problem+json");
    if (status === 503) assert.match(String(headers["retry-after"]), /^([1-9]|[1-5]\d|60)$/);
  };

  const first = post("/first");
  await origin.untilHeld(1);
  const report = post("/reports/1");
  await untilWaiting(1);
  const other = post("/other");
  await untilWaiting(2);

  isAs(await post("/reports/2"), full);
  const checkout = post("/checkout/1");
  isAs(await report, full);
  await untilWaiting(2);

  for (const path of ["/first", "/checkout/1", "/other"]) {
    await origin.untilHeld(1);
    assert.deepEqual(origin.held(), [path]);
    origin.release();
  }
  for (const answer of [first, checkout, other]) assert.equal((await answer).status, 200);

  const busy = post("/busy");
  await origin.untilHeld(1);
  for (const timeout of ["30", "30ms"]) isAs(await post("/hurried", { "x-request-timeout": timeout }), unmeetable);
  origin.release();
  await busy;
  isAs(await post("/given-up", { "x-request-timeout": "50ms" }), late);
  await poll(() => origin.held().length === 0 || undefined, {
    everyMs: 5,
    deadlineMs: 10_000,
    onTimeout: () => new Error("the work goes on"),
  });

  const impatient = ask(tenfold.url, "/read", { headers: { "x-request-timeout": "300ms" } });
  await origin.untilHeld(1);
  isAs(await impatient, late);
  assert.deepEqual(origin.held(), ["/read"], "what is fetched for the cache goes on");
  origin.release();
  assert.ok(!origin.seen().includes("/hurried"), "what cannot be done in time is not begun");
  const overload = (await (await request(`${tenfold.control}/api/overload`)).body.json()) as OverloadReport;
  assert.deepEqual(overload["shop"]!.shed, { critical: 0, normal: 2, background: 2 });
});

test("the programs of the guide pass the strictest checks of types", (t) => checkTypes(t, guide));

test("the configs of the guide are valid, and its links lead somewhere", async (t) => {
  assert.equal(await checkConfigs(t, guide), 2);
  checkAnchors(guide);
});
