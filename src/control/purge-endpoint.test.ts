import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { Client, request } from "undici";
import { cleanUp } from "../../test/support/cleanup.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import { TenfoldError } from "../kernel/index.ts";
import type { PurgeReport, PurgeRequest } from "../platform/index.ts";
import { AppServer } from "./app-server.ts";
import type { Controlled } from "./controlled.ts";
import { ControlServer } from "./server.ts";

const report: PurgeReport = { answers: 2, gateways: ["gateway-1"], tookMs: 1 };

/** A platform of which only the purges matter. */
function purging(answer: () => PurgeReport = () => report): Controlled & { readonly asked: PurgeRequest[] } {
  const asked: PurgeRequest[] = [];
  const purge = async (what: PurgeRequest): Promise<PurgeReport> => {
    asked.push(what);
    return answer();
  };
  return { asked, purge } as unknown as ReturnType<typeof purging>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

type Post = (body: string, path?: string) => Promise<Answer>;

const headers = { "content-type": "application/json" };

async function overTcp(t: TestContext, platform: Controlled): Promise<Post> {
  const endpointFile = join(temporaryDirectory(t), "control.json");
  const server = new ControlServer(platform, { host: "127.0.0.1", port: 0, endpointFile });
  await server.start();
  cleanUp(t, () => server.stop());
  return async (body, path = "/api/purge") => {
    const response = await request(server.url + path, { method: "POST", headers, body });
    return { status: response.statusCode, body: await response.body.json() };
  };
}

async function overSocket(t: TestContext, platform: Controlled): Promise<Post> {
  const socketPath = join(temporaryDirectory(t), "apps.sock");
  const server = new AppServer(platform, socketPath);
  await server.start();
  cleanUp(t, () => server.stop());
  assert.equal(statSync(socketPath).mode & 0o777, 0o600, "for this user alone");
  const client = new Client("http://tenfold", { socketPath });
  cleanUp(t, () => client.destroy());
  return async (body, path = "/api/purge") => {
    const response = await client.request({ method: "POST", path, headers, body });
    return { status: response.statusCode, body: await response.body.json() };
  };
}

for (const [name, serve] of [
  ["the control API", overTcp],
  ["the API of apps", overSocket],
] as const) {
  test(`${name} purges, and answers when it is done`, async (t) => {
    const platform = purging();
    const post = await serve(t, platform);
    const wanted = { urls: ["/a"], prefixes: ["/b/"], tags: ["c"], soft: true };
    assert.deepEqual(await post(JSON.stringify(wanted)), { status: 200, body: report });
    assert.deepEqual(platform.asked, [wanted]);
  });

  test(`${name} refuses what is no purge, and says what fails`, async (t) => {
    const refuse = (code: string) => () => {
      throw new TenfoldError(code, "it cannot be", { fix: "do something else" });
    };
    const codes = ["CACHE_PURGE_INVALID", "CACHE_PURGE_INCOMPLETE", "PLATFORM_NOT_READY"];
    const table: [body: unknown, status: number, code: string, answer?: () => PurgeReport][] = [
      [{ urls: "/a" }, 400, "CONTROL_BAD_REQUEST"],
      [{ url: ["/a"] }, 400, "CONTROL_BAD_REQUEST"],
      [{ all: false }, 400, "CONTROL_BAD_REQUEST"],
      [{ tags: Array.from({ length: 257 }, String) }, 400, "CONTROL_BAD_REQUEST"],
      [{ tags: ["x".repeat(257)] }, 400, "CONTROL_BAD_REQUEST"],
      [{ urls: Array.from({ length: 10 }, () => `/${"x".repeat(8_000)}`) }, 413, "CONTROL_BODY_TOO_LARGE"],
      [[], 400, "CONTROL_BAD_REQUEST"],
      ...codes.map((code, index): (typeof table)[number] => [{}, index === 0 ? 400 : 409, code, refuse(code)]),
    ];
    for (const [body, status, code, answer] of table) {
      const platform = purging(answer);
      const answered = await (await serve(t, platform))(JSON.stringify(body));
      const { error } = answered.body as { error: { code: string; fix: string } };
      assert.deepEqual([answered.status, error.code], [status, code]);
      assert.notEqual(error.fix, "");
      assert.equal(platform.asked.length, answer === undefined ? 0 : 1);
    }
  });
}

test("apps can purge, and nothing else", async (t) => {
  const post = await overSocket(t, purging());
  for (const path of ["/api/stop", "/api/scale", "/api/reload", "/"]) {
    assert.equal((await post("{}", path)).status, 404, path);
  }
});

test("a path that is too long for a socket is said, with the fix", async () => {
  const server = new AppServer(purging(), `/tmp/${"x".repeat(200)}/apps.sock`);
  await assert.rejects(server.start(), { code: "CONTROL_SOCKET_PATH_TOO_LONG", fix: /TMPDIR/ });
  await server.stop();
});
