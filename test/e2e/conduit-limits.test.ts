import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { request } from "undici";
import { poll } from "../../src/kernel/index.ts";
import type { LimitsReport } from "../../src/platform/index.ts";
import { startLoad } from "../support/load.ts";
import { createClient } from "../support/realworld/client.ts";
import { walkRealWorld } from "../support/realworld.ts";
import { createProject, type RunningTenfold, startTenfold } from "../support/tenfold.ts";

const example = join(import.meta.dirname, "../../examples/conduit");

/** The example on an empty database, behind a proxy that says who its clients are. */
const config = `
import conduit from ${JSON.stringify(join(example, "tenfold.config.ts"))};
const { setup: _, ...rest } = conduit;
export default {
  ...rest,
  database: { replicas: 0 },
  gateway: { ...conduit.gateway, trustedProxies: ["127.0.0.1"] },
  services: { api: { ...conduit.services.api, cwd: ${JSON.stringify(example)}, scale: { min: 1, max: 1 } } },
};`;

const until = <T>(look: () => T | undefined | false | Promise<T | undefined | false>): Promise<T> =>
  poll(async () => (await look()) || undefined, {
    everyMs: 20,
    deadlineMs: 60_000,
    onTimeout: () => new Error("it did not come true in time"),
  });

/** By limit. */
async function countsOf(tenfold: RunningTenfold): Promise<Map<string, { admitted: number; refused: number }>> {
  const { limits } = (await tenfold.ask("limits")) as LimitsReport;
  return new Map(limits.map(({ name, admitted, refused }) => [name, { admitted, refused }]));
}

interface Answer {
  readonly status: number;
  /** Of the limits that concerned it. */
  readonly policies: string;
}

interface Caller {
  readonly address: string;
  readonly token?: string;
  readonly body?: string;
}

async function ask({ url }: RunningTenfold, method: "POST" | "DELETE", path: string, caller: Caller): Promise<Answer> {
  const { address, token, body } = caller;
  const answer = await request(`${url}/api${path}`, {
    method,
    headers: {
      "x-forwarded-for": address,
      ...(token === undefined ? {} : { authorization: `Token ${token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: body ?? null,
  });
  await answer.body.dump();
  return { status: answer.statusCode, policies: String(answer.headers["ratelimit-policy"]) };
}

test("conduit is limited as its config says, and as it is told meanwhile", async (t) => {
  const tenfold = await startTenfold(t, createProject(t, { "tenfold.config.ts": config }));
  const client = createClient(tenfold.url);

  await t.test("the RealWorld walk-through meets no limit", async () => {
    await Promise.all([walkRealWorld(tenfold.url), walkRealWorld(tenfold.url)]);
    const counts = await countsOf(tenfold);
    assert.deepEqual([...counts.keys()], ["visitors", "sign-ups", "sign-ins", "writes"]);
    for (const [name, { refused }] of counts) assert.equal(refused, 0, name);
    assert.ok(counts.get("writes")!.admitted > 0, "tokens are verified");
    assert.equal(counts.get("visitors")!.admitted, 0, "who is on this machine is not counted");
  });

  await t.test("limits are changed while traffic runs", async () => {
    const seen = { admitted: 0, refused: 0 };
    const check = (status: number, body: string): string | undefined => {
      if (status === 200) seen.admitted++;
      else if (status === 429 && body.includes('"violated-policies":["visitors"]')) seen.refused++;
      else return `${status} ${body}`;
      return undefined;
    };
    const load = startLoad(tenfold.url, () => ({ method: "GET", path: "/api/tags", check }), { callers: 4 });
    await until(() => seen.admitted > 100);
    assert.equal(seen.refused, 0);

    await tenfold.ask("limits", "set", "visitors/local", "60/minute", "--for", "2h");
    await until(() => seen.refused > 100);
    const refused = await until(async () => {
      const answer = await client.ask("GET", "/tags");
      return answer.status === 429 && answer;
    });
    assert.equal(refused.headers.get("content-type"), "application/problem+json");
    assert.equal(refused.headers.get("ratelimit-policy"), '"visitors";q=60;w=60');
    assert.equal(refused.headers.get("ratelimit"), '"visitors";r=0;t=1');
    assert.equal(refused.headers.get("retry-after"), "1");
    const { type, status } = (await refused.json()) as Record<string, unknown>;
    assert.deepEqual([type, status], ["https://iana.org/assignments/http-problem-types#quota-exceeded", 429]);

    assert.match((await tenfold.run("limits", "reset", "--all")).stdout, /Took back visitors\/local/);
    // Whatever was under way then has its answer by now.
    const answered = load.answered();
    await until(() => load.answered() > answered + 4);
    const atReset = seen.refused;
    await until(() => load.answered() > answered + 200);
    assert.equal(seen.refused, atReset);
    assert.deepEqual((await load.stop()).failures, []);
  });

  await t.test("who comes from elsewhere guesses few passwords", async () => {
    const signIn = (address: string): Promise<Answer> => {
      const body = '{"user":{"email":"nobody@conduit.example","password":"a guess"}}';
      return ask(tenfold, "POST", "/users/login", { address, body });
    };
    const first = await signIn("203.0.113.7");
    assert.equal(first.status, 401);
    assert.equal(first.policies, '"visitors";q=600;w=60, "sign-ins";q=10;w=60');
    await tenfold.ask("limits", "set", "sign-ins", "3/day");
    assert.deepEqual([(await signIn("203.0.113.7")).status, (await signIn("203.0.113.7")).status], [401, 401]);
    assert.equal((await signIn("203.0.113.7")).status, 429);
    assert.equal((await signIn("203.0.113.8")).status, 401);
    assert.equal((await countsOf(tenfold)).get("sign-ins")!.refused, 1);
  });

  await t.test("a user writes so much, wherever he is", async () => {
    const [busy, other] = [await client.register("busy"), await client.register("other")];
    const write = ({ token }: { token: string }, address: string): Promise<Answer> =>
      ask(tenfold, "DELETE", "/articles/none", { address, token });
    assert.match((await write(busy, "203.0.113.10")).policies, /"writes";q=60;w=60$/);
    await tenfold.ask("limits", "set", "writes", "3/day");
    for (const address of ["203.0.113.11", "203.0.113.12"]) assert.equal((await write(busy, address)).status, 404);
    assert.equal((await write(busy, "203.0.113.13")).status, 429);
    assert.equal((await write(other, "203.0.113.13")).status, 404);
    const forged = await write({ token: `${busy.token}x` }, "203.0.113.13");
    assert.deepEqual([forged.status, forged.policies], [401, '"visitors";q=600;w=60'], "it is counted for nobody");
  });
});
