import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, statSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { join } from "node:path";
import { test, type TestContext } from "node:test";
import { OrphanedGateway } from "../../src/gateway/index.ts";
import { poll } from "../../src/kernel/index.ts";
import { cleanUp } from "../support/cleanup.ts";
import { eventually, type Origin, snapshotOf, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { createGatewayProcess, gatewayProgram, isAlive, type TestedGateway } from "../support/gateway-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";

/** The control socket of a gateway process: what others than its platform, or a broken one, can do there. Which is nothing. */

interface Serving {
  readonly gateway: TestedGateway;
  readonly origin: Origin;
  readonly port: number;
}

async function serve(t: TestContext): Promise<Serving> {
  const origin = await startOrigin((_, res) => res.end("ok"));
  t.after(() => origin[Symbol.asyncDispose]());
  const gateway = createGatewayProcess(t);
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)] }));
  return { gateway, origin, port: gateway.addresses[0]!.port };
}

/** Who connects to the socket by hand, as soon as somebody listens there. */
async function visit(t: TestContext, { controlPath }: { readonly controlPath: string }): Promise<Socket> {
  const tryIt = async (): Promise<Socket | undefined> => {
    const socket = connect(controlPath);
    try {
      await once(socket, "connect");
      return socket;
    } catch {
      return undefined;
    }
  };
  const onTimeout = (): Error => new Error(`nobody listens at ${controlPath}`);
  const socket = await poll(tryIt, { everyMs: 5, deadlineMs: 10_000, onTimeout });
  t.after(() => socket.destroy());
  return socket.on("error", () => {});
}

/** However: by an end or by a reset. */
function closed(socket: Socket): Promise<unknown> {
  return new Promise((resolve) => socket.once("close", resolve));
}

async function assertServes({ gateway, port }: Serving): Promise<void> {
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "ok");
  assert.equal((await gateway.figures()).connections, 1);
}

const wrong: readonly (readonly [what: string, ...lines: string[]])[] = [
  ["no JSON", "GET / HTTP/1.1"],
  ["no object", "null"],
  ["an unknown message", '{"type":"attend"}', '{"type":"reboot"}'],
  ["orders before a greeting", '{"type":"drain","graceMs":0}'],
  ["two greetings", '{"type":"attend"}', '{"type":"attend"}'],
  ["a drain without its time", '{"type":"attend"}', '{"type":"drain","graceMs":"now"}'],
  ["a snapshot that is none", '{"type":"attend"}', '{"type":"snapshot","snapshot":[]}'],
  [
    "a purge by tags that are none",
    '{"type":"attend"}',
    '{"type":"purge","id":1,"order":{"mode":"soft","by":"tag","tags":"x"}}',
  ],
  ["a purge of nothing known", '{"type":"attend"}', '{"type":"purge","id":1,"order":{"mode":"hard","by":"colour"}}'],
  ["an order to start nothing", '{"type":"attend"}', '{"type":"succeed","id":1,"order":{"program":7}}'],
  ["bytes", "\u0000\u0001\ufffd"],
];

for (const [what, ...lines] of wrong) {
  test(`who says ${what} is cut off, and the gateway serves on`, async (t) => {
    const serving = await serve(t);
    const socket = await visit(t, serving.gateway);
    socket.resume();
    socket.write(lines.map((line) => `${line}\n`).join(""));
    await closed(socket);
    await assertServes(serving);
  });
}

test("a snapshot that cannot be put into effect is answered as such, and the one before stays", async (t) => {
  const serving = await serve(t);
  const broken = snapshotOf({ upstreams: [upstream("api-1", 1, { origin: "nowhere" })] });
  await assert.rejects(serving.gateway.apply(broken), { code: "GATEWAY_ORIGIN_INVALID" });
  await assertServes(serving);
});

test("a line without end is cut off before it costs memory", async (t) => {
  const serving = await serve(t);
  const socket = await visit(t, serving.gateway);
  const chunk = Buffer.alloc(1024 * 1024, "x");
  let sent = 0;
  socket.write('{"type":"attend"}\n{"type":"');
  socket.resume();
  const write = (): void => {
    while (!socket.destroyed && sent++ < 64 && socket.write(chunk));
  };
  socket.on("drain", write);
  write();
  await closed(socket);
  assert.ok(sent < 40, `${sent} MiB were taken`);
  await assertServes(serving);
});

test("who asks and never reads is cut off", async (t) => {
  const serving = await serve(t);
  const socket = await visit(t, serving.gateway);
  socket.pause();
  socket.write('{"type":"attend"}\n');
  const ask = '{"type":"figures","id":1}\n'.repeat(1_000);
  const write = (): void => {
    while (!socket.destroyed && socket.write(ask));
  };
  socket.on("drain", write);
  write();
  await closed(socket);
  await assertServes(serving);
});

test("the socket is for this user alone", async (t) => {
  const { gateway } = await serve(t);
  assert.equal(statSync(gateway.controlPath).mode & 0o777, 0o600);
});

/** A gateway that serves, and that its platform has left. */
async function orphan(t: TestContext, origin: Origin): Promise<{ readonly pid: number; readonly controlPath: string }> {
  const controlPath = join(temporaryDirectory(t), "gateway.sock");
  const args = JSON.stringify({ controlPath, orphanGraceMs: 1_500, drainMs: 200 });
  const { pid } = spawn(process.execPath, [gatewayProgram, args], { stdio: "ignore" });
  cleanUp(t, () => void (isAlive(pid!) && process.kill(pid!, "SIGKILL")));
  const platform = await visit(t, { controlPath });
  const snapshot = snapshotOf({ upstreams: [upstream("api-1", origin.port)] });
  platform.write(`${JSON.stringify({ type: "attend" })}\n${JSON.stringify({ type: "snapshot", snapshot })}\n`);
  let said = "";
  platform.on("data", (text) => (said += String(text)));
  await eventually(() => said.includes('"applied"'));
  platform.destroy();
  return { pid: pid!, controlPath };
}

test("an orphan that a platform attends to lives on, past its grace; one that is only connected to does not", async (t) => {
  await using origin = await startOrigin((_, res) => res.end("ok"));
  const left = await orphan(t, origin);
  await visit(t, left);
  const found = await orphan(t, origin);
  const platform = await OrphanedGateway.find(found.controlPath);
  const later = await orphan(t, origin);
  await eventually(() => !isAlive(left.pid) && !isAlive(later.pid));
  assert.equal(isAlive(found.pid), true);
  platform!.release();
  await eventually(() => !isAlive(found.pid));
  assert.equal(existsSync(found.controlPath), false);
  assert.equal(await OrphanedGateway.find(found.controlPath), undefined);
});
