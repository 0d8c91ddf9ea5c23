import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test, type TestContext } from "node:test";
import { request } from "undici";
import { cleanUp } from "../support/cleanup.ts";
import { until } from "../support/engines.ts";
import {
  checkConfigs,
  checkTypes,
  commandsOf,
  createGuideProject,
  programOf,
  readGuide,
  tableOf,
} from "../support/guide.ts";
import { type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const guide = readGuide("caching");
const frameworks = ["Fastify", "Express", "Hono"];

/** The programs of the guide, each behind a host of its own, and a server of the test. */
function createFrameworksProject(t: TestContext, otherUrl: string): string {
  const programs = frameworks.map((framework) => {
    return [`${framework}.ts`, programOf(guide, `// server.ts, with ${framework}`)] as const;
  });
  const service = (framework: string) => ({
    command: `node ${framework}.ts`,
    routes: [{ host: `${framework.toLowerCase()}.example` }],
    health: { path: "/articles", interval: "200ms" },
  });
  const services = Object.fromEntries(frameworks.map((name) => [name.toLowerCase(), service(name)]));
  const other = { urls: [otherUrl], health: false };
  const config = { services: { ...services, other }, database: false };
  return createGuideProject(t, {
    ...Object.fromEntries(programs),
    "tenfold.config.ts": `export default ${JSON.stringify(config)};`,
  });
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Without the seconds. */
  readonly said: string;
}

async function ask(url: string, path: string, host: string, more: Record<string, string> = {}): Promise<Answer> {
  const { statusCode, headers, body } = await request(url + path, { headers: { host, ...more } });
  const said = String(headers["cache-status"]).replace(/ttl=-?\d+/, "ttl=…");
  return { status: statusCode, headers: headers as Record<string, string>, body: await body.text(), said };
}

/** Of the guide's table, the values of Cache-Status. */
const explained = tableOf(guide, "Cache-Status: tenfold; …").map(
  ([said]) => `tenfold; ${said!.replace(/ttl=\d+/, "ttl=…")}`,
);
const [hit, miss, collapsed, revalidated, stoodIn, bypass] = explained;

async function checkFramework({ url, ask: command }: RunningTenfold, host: string): Promise<void> {
  const get = (path: string, more?: Record<string, string>) => ask(url, path, host, more);
  const first = await get("/articles/1");
  const second = await get("/articles/1");
  assert.deepEqual([first.said, second.said], [miss, hit]);
  assert.equal(second.body, first.body);
  assert.equal(second.headers["cache-control"], "public, no-cache");
  assert.equal((await get("/articles/1", { cookie: "session=1" })).said, hit, "it says that it is for all");

  const etag = first.headers["etag"]!;
  const known = await get("/articles/1", { "if-none-match": etag });
  assert.deepEqual([known.status, known.body, known.said], [304, "", hit]);
  assert.equal((await get("/articles/2")).status, 404);

  await get("/articles");
  assert.equal((await get("/articles")).said, hit);
  const changed = await request(`${url}/articles/1`, {
    method: "PUT",
    headers: { host, "content-type": "application/json" },
    body: '{"title":"Changed"}',
  });
  assert.match(await changed.body.text(), /Changed/);
  for (const path of ["/articles/1", "/articles"]) {
    const after = await get(path);
    assert.equal(after.said, miss, path);
    assert.match(after.body, /"Changed"/);
  }
  assert.equal((await get("/articles/1", { "if-none-match": etag })).status, 200);

  for (const user of ["Bearer a", "Bearer b", "Bearer a"]) {
    const account = await get("/account", { authorization: user });
    assert.deepEqual([account.body, account.said], [JSON.stringify({ signedInAs: user }), bypass]);
  }

  await command("purge", "--tag", "article-1");
  assert.equal((await get("/articles/1")).said, miss);
  assert.equal((await get("/articles")).said, hit, "a list has a tag of its own");
}

async function listen(t: TestContext, handle: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handle).listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUp(t, () => server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test("what the guide to caching says is so", async (t) => {
  let isDown = false;
  const held: ServerResponse[] = [];
  const otherUrl = await listen(t, (incoming, response) => {
    response.setHeader("etag", '"1"').setHeader("cache-control", "public, max-age=0, stale-if-error=600");
    if (incoming.url === "/held") return void held.push(response);
    if (isDown) response.statusCode = 503;
    else if (incoming.headers["if-none-match"] === '"1"') response.statusCode = 304;
    response.end();
  });
  const tenfold = await startTenfold(t, createFrameworksProject(t, otherUrl));
  for (const framework of frameworks) {
    await t.test(`the ${framework} example is cached, and purged by its own changes`, () =>
      checkFramework(tenfold, `${framework.toLowerCase()}.example`),
    );
  }

  await t.test("Cache-Status says what it is explained to say", async () => {
    const get = (path: string) => ask(tenfold.url, path, "other.example");
    assert.deepEqual([(await get("/")).said, (await get("/")).said], [miss, revalidated]);
    isDown = true;
    assert.equal((await get("/")).said, stoodIn);

    const both = [get("/held"), get("/held")];
    await until(async () => {
      const text = await (await request(`${tenfold.control}/metrics`)).body.text();
      return /^tenfold_gateway_requests_active\{.*\} 2$/m.test(text);
    });
    assert.equal(held.length, 1);
    held[0]!.end();
    const said = (await Promise.all(both)).map((answer) => answer.said);
    assert.deepEqual(said.toSorted(), [miss, collapsed]);
  });

  await t.test("its purges are accepted", async () => {
    const commands = commandsOf(guide).filter(([command]) => command === "purge");
    assert.ok(commands.length >= 5);
    for (const words of commands) assert.equal((await tenfold.run(...words)).code, 0, words.join(" "));
  });
});

test("the programs of the guide pass the strictest checks of types", (t) => checkTypes(t, guide));

test("the configs of the guide are valid", async (t) => {
  assert.equal(await checkConfigs(t, guide), 2);
});
