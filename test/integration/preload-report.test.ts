import assert from "node:assert/strict";
import { test } from "node:test";
import { parseInstanceMessage } from "../../src/fleet/instance-message.ts";
import { ask, FleetEar, startApp, until } from "../fixtures/preload/harness.ts";

test("an instance says who it is, where it listens, and how it is every second", async (t) => {
  const app = await startApp(t, "bare.mjs");
  await app.ear.heard("figures");
  const [hello, listening, { figures }] = [app.ear.messages[0], app.ear.messages[1], await app.ear.heard("figures")];
  assert.deepEqual(hello, { type: "hello", instance: "api-1", pid: app.pid });
  assert.deepEqual(listening, { type: "listening", port: app.port, socketPath: await app.socketPath() });
  assert.ok(figures.rssBytes > figures.heapTotalBytes && figures.heapTotalBytes >= figures.heapUsedBytes);
  assert.ok(figures.heapUsedBytes > 1_000_000);
  assert.ok(figures.eventLoopUtilization >= 0 && figures.eventLoopUtilization <= 1);
  for (const message of app.ear.messages) assert.deepEqual(parseInstanceMessage(JSON.stringify(message)), message);
});

test("a platform that comes back hears it again", async (t) => {
  const app = await startApp(t, "bare.mjs", { hasFleet: false });
  assert.equal((await ask(app.port)).status, 200);
  const first = app.ear;
  await first.open();
  await first.heard("listening");
  first.close();
  const second = new FleetEar(first.path);
  await second.open();
  t.after(() => second.close());
  assert.deepEqual(await second.heard("hello"), { type: "hello", instance: "api-1", pid: app.pid });
  await second.heard("figures");
});

test("what the platform sends is ignored, whatever it is", async (t) => {
  const app = await startApp(t, "commanded.mjs", { hasFleet: false });
  await app.ear.open("\0\xff{]garbage\n".repeat(1000));
  await app.ear.heard("figures");
  assert.equal((await ask(await app.socketPath(), "/close")).body, "closing");
  assert.deepEqual(await app.ended, [0, null]);
  await until("it says that it is closed", () => app.ear.messages.find(({ type }) => type === "closed"));
});
