import assert from "node:assert/strict";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { request } from "undici";
import { cleanUp } from "../../test/support/cleanup.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { TenfoldError } from "../kernel/index.ts";
import type { KeptAdjustment, LimitsReport } from "../platform/index.ts";
import { ControlClient } from "./client.ts";
import type { Controlled } from "./controlled.ts";
import { ControlServer } from "./server.ts";

const adjustment: KeptAdjustment = { limit: "all", tier: "partner", rate: "500/minute", until: 5 };
const report: LimitsReport = { store: "memory", isAway: false, calls: 0, failures: 0, limits: [], adjustments: [] };

/** A platform of which only the limits matter. */
function limiting(fail?: string): Controlled & { readonly asked: unknown[] } {
  const asked: unknown[] = [];
  const answer = async <T>(what: unknown, value: T): Promise<T> => {
    asked.push(what);
    if (fail !== undefined) throw new TenfoldError(fail, "it cannot be", { fix: "do something else" });
    return value;
  };
  const limits: Controlled["limits"] = {
    report: () => answer("report", report),
    adjust: (what) => answer(what, adjustment),
    reset: (what) => answer(what, [adjustment]),
  };
  return { asked, limits } as unknown as ReturnType<typeof limiting>;
}

interface Serving {
  readonly url: string;
  readonly client: ControlClient;
}

async function serve(t: TestContext, platform: Controlled): Promise<Serving> {
  const endpointFile = join(temporaryDirectory(t), "control.json");
  const server = new ControlServer(platform, { host: "127.0.0.1", port: 0, endpointFile });
  await server.start();
  cleanUp(t, () => server.stop());
  const client = ControlClient.find("/project", endpointFile);
  cleanUp(t, () => client[Symbol.asyncDispose]());
  return { url: server.url, client };
}

test("limits are shown, adjusted and taken back", async (t) => {
  const platform = limiting();
  const { client } = await serve(t, platform);
  const wanted = { limit: "partner", rate: "500/minute", for: "2h", event: "sale" };
  assert.deepEqual(await client.limits(), report);
  assert.deepEqual(await client.adjustLimit(wanted), adjustment);
  for (const what of [{ limit: "all/partner" }, { event: "sale" }, { all: true }] as const) {
    assert.deepEqual(await client.resetLimits(what), [adjustment]);
  }
  assert.deepEqual(platform.asked, ["report", wanted, { limit: "all/partner" }, { event: "sale" }, { all: true }]);
});

test("what is no request is refused before the platform is asked", async (t) => {
  const platform = limiting();
  const { url } = await serve(t, platform);
  const headers = { "content-type": "application/json" };
  const post = { method: "POST", path: "/api/limits/adjustments", headers } as const;
  const wrong = [
    { ...post, body: "{}" },
    { ...post, body: '{"limit":"all","rate":5}' },
    { ...post, body: '{"limit":"all","rate":"5/second","forever":true}' },
    { ...post, body: JSON.stringify({ limit: "x".repeat(257), rate: "5/second" }) },
    { ...post, headers: {}, body: '{"limit":"all","rate":"5/second"}' },
    { method: "DELETE", path: "/api/limits/adjustments?al=true" },
    { method: "DELETE", path: "/api/limits/adjustments?all=yes" },
  ] as const;
  for (const { path, ...options } of wrong) {
    const { statusCode, body } = await request(url + path, options);
    const { error } = (await body.json()) as { error: { code: string } };
    assert.deepEqual([statusCode, error.code], [400, "CONTROL_BAD_REQUEST"], JSON.stringify(options));
  }
  assert.deepEqual(platform.asked, []);
});

test("a web page of another site changes nothing", async (t) => {
  const platform = limiting();
  const { url } = await serve(t, platform);
  const path = `${url}/api/limits/adjustments?all=true`;
  const { statusCode } = await request(path, { method: "DELETE", headers: { origin: "http://evil.example" } });
  assert.equal(statusCode, 403);
  assert.deepEqual(platform.asked, []);
});

test("what the platform refuses is said, with the fix", async (t) => {
  for (const [code, status] of [
    ["LIMIT_CHANGE_UNKNOWN", 400],
    ["LIMIT_CHANGE_AMBIGUOUS", 400],
    ["LIMIT_CHANGE_INVALID", 400],
    ["LIMIT_CHANGE_INCOMPLETE", 409],
    ["PLATFORM_NOT_READY", 409],
  ] as const) {
    const { url, client } = await serve(t, limiting(code));
    await assert.rejects(client.adjustLimit({ limit: "all", rate: "1/second" }), { code, fix: "do something else" });
    const { statusCode, body } = await request(`${url}/api/limits/adjustments?all=true`, { method: "DELETE" });
    await body.dump();
    assert.equal(statusCode, status, code);
  }
});
