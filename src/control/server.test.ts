import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { request } from "undici";
import { temporaryDirectory } from "../../test/support/temporary.ts";
import type { LogLine } from "../fleet/index.ts";
import type { Controlled } from "./controlled.ts";
import { ControlServer } from "./server.ts";

/** A platform of which only the logs matter. */
function fakePlatform(): Controlled & { readonly listeners: Set<(line: LogLine) => void> } {
  const listeners = new Set<(line: LogLine) => void>();
  const onLog = (_: object, listener: (line: LogLine) => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  const first: LogLine = { at: 0, service: "api", instance: "api-1", text: "first" };
  return { listeners, onLog, logs: () => [first] } as unknown as ReturnType<typeof fakePlatform>;
}

async function serve(t: TestContext, platform: Controlled): Promise<string> {
  const endpointFile = join(temporaryDirectory(t), "control.json");
  const server = new ControlServer(platform, { host: "127.0.0.1", port: 0, endpointFile });
  await server.start();
  t.after(() => server.stop());
  return server.url;
}

test("what the API does not have, or does not take, is refused in its own words", async (t) => {
  const url = await serve(t, fakePlatform());
  const json = { "content-type": "application/json" };
  const large = `{"service":"${"a".repeat(70_000)}"}`;
  const table = [
    [request(`${url}/api/nope`), 404, "CONTROL_NOT_FOUND"],
    [request(`${url}/api/scale`), 404, "CONTROL_NOT_FOUND"],
    [request(`${url}/api/scale`, { method: "POST", body: "{}" }), 400, "CONTROL_BAD_REQUEST"],
    [request(`${url}/api/scale`, { method: "POST", headers: json, body: "{" }), 400, "CONTROL_BAD_REQUEST"],
    [request(`${url}/api/scale`, { method: "POST", headers: json, body: large }), 413, "CONTROL_BODY_TOO_LARGE"],
    [request(`${url}/api/logs?lines=x`), 400, "CONTROL_BAD_REQUEST"],
    [request(`${url}/api/logs`, { headers: { host: "evil.example" } }), 403, "CONTROL_FOREIGN_HOST"],
  ] as const;
  for (const [response, status, code] of table) {
    const { statusCode, body } = await response;
    const { error } = (await body.json()) as { error: { code: string; message: string } };
    assert.deepEqual([statusCode, error.code], [status, code], error.message);
    assert.notEqual(error.message, "");
  }
});

test("followed lines come after the last ones, until the reader goes", async (t) => {
  const platform = fakePlatform();
  const { body } = await request(`${await serve(t, platform)}/api/logs?follow=true`);
  const chunks = body.setEncoding("utf8")[Symbol.asyncIterator]();
  let text = String((await chunks.next()).value);
  for (const listener of platform.listeners) listener({ at: 1, service: "api", instance: "api-1", text: "second" });
  while (!text.includes("second")) text += String((await chunks.next()).value);
  assert.deepEqual(text.match(/(?<="text":")\w+/g), ["first", "second"]);
  body.destroy();
  while (platform.listeners.size > 0) await new Promise((resolve) => setImmediate(resolve));
});

test("a reader that does not keep up is cut off", async (t) => {
  const platform = fakePlatform();
  const { host, hostname, port } = new URL(await serve(t, platform));
  const reader = connect(Number(port), hostname);
  reader.pause();
  reader.write(`GET /api/logs?follow=true HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
  while (platform.listeners.size === 0) await new Promise((resolve) => setImmediate(resolve));
  const line: LogLine = { at: 1, service: "api", instance: "api-1", text: "x".repeat(10_000) };
  for (let sent = 0; platform.listeners.size > 0; sent++) {
    assert.ok(sent < 10_000, "100 MB wait for a reader that reads nothing");
    for (const listener of platform.listeners) listener(line);
    if (sent % 50 === 0) await new Promise((resolve) => setImmediate(resolve));
  }
  reader.on("error", () => {}).resume();
  await once(reader, "close");
});
