import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { text } from "node:stream/consumers";
import { cleanUp } from "../../test/support/cleanup.ts";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import type { TenfoldError } from "../kernel/index.ts";
import type { Platform } from "../platform/index.ts";
import { purge, type PurgeReport, type PurgeRequest } from "./purge.ts";

/** The types of the app's side and of the platform's are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : never;
const typesAgree: [
  Same<PurgeRequest, Parameters<Platform["purge"]>[0]>,
  Same<PurgeReport, Awaited<ReturnType<Platform["purge"]>>>,
] = [true, true];

/** Stands where the platform listens. */
async function listen(t: TestContext, listener: RequestListener): Promise<void> {
  const path = join(temporaryDirectory(t), "apps.sock");
  const server = createServer(listener).listen(path);
  await once(server, "listening");
  cleanUp(t, () => {
    server.closeAllConnections();
    server.close();
  });
  give(t, path);
}

function give(t: TestContext, path: string | undefined): void {
  const before = process.env["TENFOLD_API"];
  cleanUp(t, () => set(before));
  set(path);
}

function set(path: string | undefined): void {
  if (path === undefined) delete process.env["TENFOLD_API"];
  else process.env["TENFOLD_API"] = path;
}

test("what is to be purged reaches the platform, and its report comes back", async (t) => {
  assert.ok(typesAgree.every(Boolean));
  const report = { answers: 3, gateways: ["gateway-1"], tookMs: 2 };
  const asked: unknown[] = [];
  await listen(t, (request, response) => {
    void text(request).then((body) => {
      asked.push([request.method, request.url, request.headers["content-type"], JSON.parse(body)]);
      response.end(JSON.stringify(report));
    });
  });
  assert.deepEqual(await purge({ tags: ["article:5"], soft: true }), report);
  assert.deepEqual(asked, [["POST", "/api/purge", "application/json", { tags: ["article:5"], soft: true }]]);
});

test("what the platform refuses is thrown as it says it, with the fix", async (t) => {
  const error = { code: "CACHE_PURGE_INCOMPLETE", message: "gateway-2 …", fix: "purge again", facts: { missing: [] } };
  await listen(t, (_, response) => response.writeHead(409).end(JSON.stringify({ error })));
  await assert.rejects(purge({ all: true }), (thrown: TenfoldError) => {
    assert.deepEqual(thrown.toJSON(), error);
    return true;
  });
});

test("a process that Tenfold has not started is told so", async (t) => {
  give(t, undefined);
  await assert.rejects(purge({ all: true }), { code: "SDK_OUTSIDE_TENFOLD", fix: /tenfold up/ });
});

test("a platform that is gone, or answers no JSON, is unreachable", async (t) => {
  give(t, join(temporaryDirectory(t), "apps.sock"));
  await assert.rejects(purge({ all: true }), { code: "SDK_PLATFORM_UNREACHABLE" });
  await listen(t, (request) => request.socket.destroy());
  await assert.rejects(purge({ all: true }), { code: "SDK_PLATFORM_UNREACHABLE" });
  await listen(t, (_, response) => response.writeHead(502).end("<html>"));
  await assert.rejects(purge({ all: true }), { code: "SDK_PLATFORM_UNREACHABLE" });
});

test("a platform that says nothing is waited for until the deadline, or the caller's own end", async (t) => {
  await listen(t, () => {});
  await assert.rejects(purge({ all: true }, { deadlineMs: 20 }), { code: "SDK_PLATFORM_SILENT" });
  const enough = new Error("enough");
  await assert.rejects(purge({ all: true }, { signal: AbortSignal.abort(enough) }), enough);
  const caller = new AbortController();
  const purging = purge({ all: true }, { signal: caller.signal });
  caller.abort(enough);
  await assert.rejects(purging, enough);
});
