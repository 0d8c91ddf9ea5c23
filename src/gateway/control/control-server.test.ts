import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { windowOf } from "../../../test/support/overload/load-window.ts";
import { eventually } from "../../../test/support/gateway-fixtures.ts";
import { temporaryDirectory } from "../../../test/support/temporary.ts";
import type { FromGateway } from "../process-protocol.ts";
import { ControlServer } from "./control-server.ts";

const news: FromGateway = { type: "load", report: { service: "x".repeat(10_000), window: windowOf({}), limit: 1 } };

async function attended(t: TestContext): Promise<{ readonly server: ControlServer; readonly platform: Socket }> {
  const server = new ControlServer({ onMessage: () => undefined, onAttendance: () => undefined });
  const path = join(temporaryDirectory(t), "control.sock");
  await server.start(path);
  const platform = connect(path);
  t.after(() => {
    platform.destroy();
    server.stop();
  });
  await once(platform, "connect");
  platform.pause().write('{"type":"attend"}\n');
  await eventually(() => server.isAttended);
  return { server, platform };
}

test("a platform that does not read misses news, and stays a platform", async (t) => {
  const { server, platform } = await attended(t);
  const offered = 5_000;
  for (let i = 0; i < offered; i++) server.offer(news);
  assert.ok(server.isAttended);
  server.broadcast({ type: "drained", upstream: "last", version: 1 });
  let said = "";
  platform.on("data", (data: Buffer) => (said += data.toString())).resume();
  await eventually(() => said.includes('"drained"'));
  assert.ok(said.split("\n").length < offered / 10, `${said.length}`);
});

test("one that does not read what it has to know is let go", async (t) => {
  const { server } = await attended(t);
  for (let i = 0; i < 5_000 && server.isAttended; i++) server.broadcast(news);
  await eventually(() => !server.isAttended);
});
