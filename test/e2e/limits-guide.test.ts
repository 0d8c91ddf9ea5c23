import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { SignJWT } from "jose";
import { Agent, request } from "undici";
import type { LimitsReport } from "../../src/platform/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import {
  checkAnchors,
  checkConfigs,
  checkTypes,
  commandsOf,
  createGuideProject,
  programOf,
  readGuide,
  tableOf,
} from "../support/guide.ts";
import { type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const guide = readGuide("limits");
const secrets = { JWT_SECRET: "a secret that only this test knows about", PARTNER_KEYS: "key-1,key-2" };
const server = programOf(guide, "// server.ts");

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

interface Asked {
  readonly method?: "GET" | "POST";
  readonly headers?: Record<string, string>;
  readonly body?: string;
  readonly dispatcher?: Agent;
}

async function ask({ url }: RunningTenfold, path: string, asked: Asked = {}): Promise<Answer> {
  const { statusCode, headers, body } = await request(url + path, { method: "GET", ...asked });
  return { status: statusCode, headers: headers as Record<string, string>, body: await body.text() };
}

/** What is said of one limit in a field of several. */
const of = (limit: string, field: string | undefined): string | undefined =>
  field?.split(", ").find((each) => each.startsWith(`"${limit}";`));

test("the config to begin with does what the guide shows", async (t) => {
  const files = { "tenfold.config.ts": programOf(guide, "// tenfold.config.ts"), "server.ts": server };
  const tenfold = await startTenfold(t, createGuideProject(t, files));
  const answers: Answer[] = [];
  for (let n = 0; n < 6; n++) answers.push(await ask(tenfold, "/login", { method: "POST" }));
  assert.deepEqual(
    answers.map(({ status }) => status),
    [401, 401, 401, 401, 401, 429],
  );
  assert.equal((await ask(tenfold, "/")).status, 200);
  const [first, refused] = [answers[0]!, answers[5]!];

  await t.test("its fields", () => {
    const [[, policy], [, left], [, none], [, wait]] = tableOf(guide, "field", "for example") as [
      string[],
      string[],
      string[],
      string[],
    ];
    const anyTime = (said: string | undefined): string | undefined => said?.replace(/t=\d+/, "t=…");
    assert.equal(of("logins", first.headers["ratelimit-policy"]), policy);
    assert.equal(of("logins", first.headers["ratelimit"]), left);
    assert.equal(anyTime(of("logins", refused.headers["ratelimit"])), anyTime(none));
    assert.match(none!, new RegExp(`t=${wait}$`));
    assert.equal(of("logins", refused.headers["ratelimit"])!.endsWith(`t=${refused.headers["retry-after"]}`), true);
    assert.ok(of("visitors", first.headers["ratelimit"]) !== undefined, "of several limits, all are said");
  });

  await t.test("its refusal", () => {
    const [[status, code, type]] = tableOf(guide, "status", "code", "type") as [string[]];
    const problem = JSON.parse(refused.body) as Record<string, unknown>;
    const { requestId: _, ...shown } = JSON.parse(guide.blocks.find(({ language }) => language === "json")!.text);
    const { requestId: __, ...rest } = problem;
    assert.deepEqual(rest, shown);
    assert.deepEqual([String(problem["status"]), problem["code"], problem["type"]], [status, code, type]);
    assert.equal(refused.headers["content-type"], "application/problem+json");
  });

  await t.test("its figures", async () => {
    const metrics = await (await request(`${tenfold.control}/metrics`)).body.text();
    const names = tableOf(guide, "/metrics").flatMap(([name]) => name!.split(", "));
    for (const name of names) assert.match(metrics, new RegExp(`^${name}\\{`, "m"));
    assert.match((await tenfold.run("status")).stdout, /^logins +5\/minute +1 +5$/m);
  });
});

async function tokenOf(claims: Record<string, string>, more: { audience?: string; secret?: string } = {}) {
  const key = new TextEncoder().encode(more.secret ?? secrets.JWT_SECRET);
  const jwt = new SignJWT({ tenant: "acme", ...claims }).setProtectedHeader({ alg: "HS256" });
  const token = await jwt
    .setIssuer("https://login.example")
    .setAudience(more.audience ?? "api")
    .sign(key);
  return { authorization: `Bearer ${token}` };
}

test("users, tenants, partners and events have what the guide says", async (t) => {
  const config = programOf(guide, "// tenfold.config.ts, with tenants and partners");
  const directory = createGuideProject(t, { "tenfold.config.ts": config, "server.ts": server });
  const tenfold = await startTenfold(t, directory, [], secrets);
  const policies = async (headers: Record<string, string>, path = "/api/x"): Promise<string[]> =>
    (await ask(tenfold, path, { headers })).headers["ratelimit-policy"]?.split(", ") ?? [];

  const anonymous = '"anonymous";q=100;w=60';
  const ofTenant = ['"tenant";q=3000;w=60', '"user";q=600;w=60'];
  assert.deepEqual(await policies({}), [anonymous]);
  assert.deepEqual(await policies({ "x-api-key": "key-2" }), ['"anonymous";q=1000;w=60']);
  assert.deepEqual(await policies({ "x-api-key": "key-3" }), [anonymous]);
  assert.deepEqual((await policies(await tokenOf({ sub: "ann" }))).toSorted(), [anonymous, ...ofTenant]);
  assert.deepEqual(await policies(await tokenOf({ sub: "bob", role: "support" })), ofTenant);
  for (const more of [{ audience: "another" }, { secret: "another secret that this test knows about" }]) {
    assert.deepEqual(await policies(await tokenOf({ sub: "ann" }, more)), [anonymous], "nobody in particular");
  }
  const exported = await policies(await tokenOf({ sub: "bob", role: "admin" }), "/api/exports/1");
  assert.ok(exported.includes('"exports";q=10;w=3600'));

  const cal = await tokenOf({ sub: "cal", tenant: "other" });
  const states = [];
  for (const path of ["/api/x", "/api/search/y", "/api/x"]) {
    states.push(of("user", (await ask(tenfold, path, { headers: cal })).headers["ratelimit"])!);
  }
  assert.deepEqual(
    states.map((state) => /r=(\d+)/.exec(state)![1]),
    ["599", "594", "593"],
    "a search counts for five",
  );
  const { headers } = await ask(tenfold, "/api/x", { headers: { "x-api-key": "key-1" } });
  assert.match(headers["ratelimit"]!, /^"anonymous";r=19[89];/, "a burst grows with the rate");

  await t.test("its commands are accepted", async () => {
    const { adjustments } = (await tenfold.ask("limits")) as LimitsReport;
    assert.deepEqual(
      adjustments.map(({ limit, tier, event }) => [limit, tier, event]),
      [
        ["anonymous", undefined, "black-friday"],
        ["anonymous", "partner", "black-friday"],
      ],
    );
    const commands = commandsOf(guide).filter(([command]) => command === "limits" || command === "status");
    assert.ok(commands.length >= 7);
    for (const words of commands) {
      const { code, stderr } = await tenfold.run(...words);
      assert.equal(code, 0, `${words.join(" ")}: ${stderr}`);
    }
  });
});

test("while the store is away each limit does what it says", async (t) => {
  const named = tableOf(guide, "whenAway").map(([name]) => /"(\w+)"/.exec(name!)![1]!);
  assert.deepEqual(named, ["local", "open", "closed"]);
  const limits = Object.fromEntries(
    named.map((whenAway) => [whenAway, { rate: "4/hour per ip", routes: [`/${whenAway}`], whenAway }]),
  );
  const config = { services: { api: { command: "node server.ts" } }, database: false };
  const directory = createGuideProject(t, {
    "server.ts": server,
    "tenfold.config.ts": `export default ${JSON.stringify({ ...config, gateway: { processes: 2, limits } })};`,
  });
  const tenfold = await startTenfold(t, directory, [], { REDIS_URL: "redis://127.0.0.1:1" });
  const statuses = async (path: string): Promise<number[]> => {
    const dispatcher = new Agent({ connections: 1 });
    const found: number[] = [];
    for (let n = 0; n < 5; n++) found.push((await ask(tenfold, path, { dispatcher })).status);
    await dispatcher.close();
    return found;
  };
  // One connection is served by one of the two processes, which has half.
  assert.deepEqual(await statuses("/local"), [200, 200, 429, 429, 429]);
  assert.deepEqual(await statuses("/open"), [200, 200, 200, 200, 200]);
  assert.deepEqual(await statuses("/closed"), [503, 503, 503, 503, 503]);
  const [, [status, code, type]] = tableOf(guide, "status", "code", "type") as [string[], string[]];
  const problem = JSON.parse((await ask(tenfold, "/closed")).body) as Record<string, unknown>;
  assert.deepEqual([String(problem["status"]), problem["code"], problem["type"]], [status, code, type]);
  assert.match((await tenfold.run("status")).stdout, /Redis cannot be reached/);
});

const frameworks = ["Fastify", "Express", "Hono"];

function createFrameworksProject(t: TestContext): string {
  const services = frameworks.map((framework) => {
    const routes = [{ host: `${framework.toLowerCase()}.example` }];
    // What a project has from npm, the test has from the sources.
    const env = { NODE_OPTIONS: "--conditions=tenfold-source" };
    return [framework.toLowerCase(), { command: `node ${framework}.ts`, routes, env }] as const;
  });
  const config = { services: Object.fromEntries(services), database: false };
  const programs = frameworks.map(
    (framework) => [`${framework}.ts`, programOf(guide, `// server.ts, with ${framework}`)] as const,
  );
  return createGuideProject(t, {
    ...Object.fromEntries(programs),
    "tenfold.config.ts": `export default ${JSON.stringify(config)};`,
  });
}

test("limits of one's own work in each framework", async (t) => {
  const tenfold = await startTenfold(t, createFrameworksProject(t));
  const elsewhere = new Agent({ localAddress: "127.0.0.2" });
  cleanUp(t, () => elsewhere.close());
  for (const framework of frameworks) {
    await t.test(framework, async () => {
      const host = `${framework.toLowerCase()}.example`;
      const articles = (dispatcher?: Agent): Promise<Answer> =>
        ask(tenfold, "/articles", { headers: { host }, ...(dispatcher === undefined ? {} : { dispatcher }) });
      const read = await articles();
      assert.deepEqual([read.status, JSON.parse(read.body)], [200, [{ title: "Hello" }]]);
      assert.equal(read.headers["ratelimit-policy"], '"visitors";q=100;w=60');
      assert.match(read.headers["ratelimit"]!, /^"visitors";r=19;/);
      assert.match((await articles()).headers["ratelimit"]!, /^"visitors";r=18;/);
      assert.match((await articles(elsewhere)).headers["ratelimit"]!, /^"visitors";r=19;/, "the client's own address");

      const logIn = (email: string): Promise<Answer> =>
        ask(tenfold, "/login", {
          method: "POST",
          headers: { host, "content-type": "application/json" },
          body: JSON.stringify({ email }),
        });
      for (let n = 0; n < 5; n++) assert.equal((await logIn("ann@example.com")).status, 401);
      const refused = await logIn("ann@example.com");
      assert.equal(refused.status, 429);
      assert.match(refused.headers["retry-after"]!, /^\d+$/);
      assert.equal((await logIn("bob@example.com")).status, 401);
    });
  }
});

test("the programs of the guide pass the strictest checks of types", (t) => checkTypes(t, guide));

test("the configs of the guide are valid, and its links lead somewhere", async (t) => {
  assert.equal(await checkConfigs(t, guide, secrets), 2);
  checkAnchors(guide);
});
