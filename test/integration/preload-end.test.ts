import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { request } from "node:http";
import { test } from "node:test";
import { answerTo, ask, startApp, until, wayIn } from "../fixtures/preload/harness.ts";

test("an answer that begins after SIGTERM says that its connection closes", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  const headers = { connection: "keep-alive", expect: "100-continue" };
  const upload = request({ ...wayIn(await app.socketPath()), method: "POST", path: "/", agent: false, headers });
  upload.flushHeaders();
  await once(upload, "continue");
  app.process.kill("SIGTERM");
  await app.ear.heard("closed");
  upload.end("late");
  assert.equal((await answerTo(upload)).headers.connection, "close");
  assert.deepEqual(await app.ended, [null, "SIGTERM"]);
});

test("an idle app ends at once by SIGTERM", async (t) => {
  const app = await startApp(t, "commanded.mjs");
  await app.socketPath();
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [null, "SIGTERM"]);
  assert.equal(app.output(), "listening\n"); // No `exit` event: the same as without a handler.
});

test("what never finishes is cut when the drain time is over", async (t) => {
  const app = await startApp(t, "commanded.mjs", { env: { TENFOLD_DRAIN_MS: "200" } });
  const headers = { expect: "100-continue" };
  const upload = request({ ...wayIn(await app.socketPath()), method: "POST", path: "/", agent: false, headers });
  upload.on("error", () => {}).flushHeaders();
  await once(upload, "continue");
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [null, "SIGTERM"]);
});

test("an app with its own handler is left to it, and sees no other", async (t) => {
  const app = await startApp(t, "own-handler.mjs");
  const path = await app.socketPath();
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [7, null]);
  assert.equal(app.output(), "listeners 1\n");
  assert.equal(existsSync(path), false);
});

test("signal-exit finds itself alone, and ends the process as it does without Tenfold", async (t) => {
  const app = await startApp(t, "signal-exit.mjs");
  await app.socketPath();
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [null, "SIGTERM"]);
  assert.equal(app.output(), "exit null SIGTERM\n");
});

test("a killed app leaves its socket file for the fleet to remove, and nobody answers there", async (t) => {
  const app = await startApp(t, "bare.mjs");
  const path = await app.socketPath();
  app.process.kill("SIGKILL");
  await app.ended;
  assert.ok(existsSync(path));
  await assert.rejects(ask(path), { code: "ECONNREFUSED" });
});

test("a wrapper that passes the signal on ends with the app", async (t) => {
  const app = await startApp(t, "wrapper.mjs", { by: "NODE_OPTIONS" });
  await until("the app is heard", () => app.ear.messages.find(({ type }) => type === "listening"));
  app.process.kill("SIGTERM");
  assert.deepEqual(await app.ended, [99, null]);
});
