import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect } from "node:net";
import { join } from "node:path";
import { spawn } from "node:child_process";
import { test } from "node:test";
import { poll } from "../../src/kernel/index.ts";
import { eventually, snapshotOf, startOrigin, upstream } from "../support/gateway-fixtures.ts";
import { createGatewayProcess, gatewayProgram, isAlive } from "../support/gateway-process.ts";
import { temporaryDirectory } from "../support/temporary.ts";

test("a gateway process takes snapshots, gives figures, says who is drained, and ends", async (t) => {
  let finish: (() => void) | undefined;
  await using origin = await startOrigin((req, res) => {
    if (req.url === "/slow") finish = () => res.end("slow");
    else res.end("quick");
  });
  const gateway = createGatewayProcess(t);
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)] }));
  const { port } = gateway.addresses[0]!;
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "quick");
  const slow = fetch(`http://127.0.0.1:${port}/slow`);
  await eventually(() => finish !== undefined);
  await gateway.apply(snapshotOf({ upstreams: [upstream("api-1", origin.port, { state: "draining" })] }));
  assert.equal(await gateway.whenDrained("api-1", 50), false);
  const drained = gateway.whenDrained("api-1", 5_000);
  finish!();
  assert.equal(await (await slow).text(), "slow");
  assert.equal(await drained, true);
  assert.equal(await gateway.whenDrained("never-heard-of", 5_000), true);
  assert.deepEqual((await gateway.figures()).services["api"]!.requests, { 200: 2 });
  const { pid } = gateway;
  await gateway.stop();
  await gateway.stop();
  assert.equal(isAlive(pid!), false);
});

test("a taken port is said, and nothing is left running", async (t) => {
  await using taken = await startOrigin(() => undefined);
  const gateway = createGatewayProcess(t);
  const listeners = [{ host: "127.0.0.1", port: taken.port }];
  await assert.rejects(gateway.start(snapshotOf({ listeners })), { code: "GATEWAY_PORT_IN_USE" });
  assert.equal(isAlive(gateway.pid!), false);
});

test("without a platform it serves on, and ends by itself when the grace is over", async (t) => {
  await using origin = await startOrigin((_, res) => res.end("ok"));
  const snapshot = snapshotOf({ upstreams: [upstream("api-1", origin.port)] });
  // Stands for the platform: starts a gateway, says where it is, and waits to be killed.
  const platform = spawn(
    process.execPath,
    [
      "--input-type=module-typescript",
      "-e",
      `const { GatewayProcess } = await import(${JSON.stringify(join(import.meta.dirname, "../../src/gateway/index.ts"))});
       const controlPath = ${JSON.stringify(join(temporaryDirectory(t), "gateway.sock"))};
       const gateway = new GatewayProcess({ program: ${JSON.stringify(gatewayProgram)}, controlPath, orphanGraceMs: 1_500, drainMs: 500 });
       await gateway.start(${JSON.stringify(snapshot)});
       console.log(JSON.stringify({ pid: gateway.pid, port: gateway.addresses[0].port }));`,
    ],
    { stdio: ["ignore", "pipe", "inherit"] },
  );
  const [line] = (await once(platform.stdout, "data")) as [Buffer];
  const { pid, port } = JSON.parse(String(line)) as { pid: number; port: number };
  platform.kill("SIGKILL");
  await once(platform, "exit");
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "ok");
  process.kill(pid, "SIGINT");
  assert.equal(await (await fetch(`http://127.0.0.1:${port}/`)).text(), "ok");
  await eventually(() => !isAlive(pid));
});

test("SIGTERM drains, then exits with 0", async (t) => {
  let finish: (() => void) | undefined;
  await using origin = await startOrigin((_, res) => (finish = () => res.end("slow")));
  const gateway = createGatewayProcess(t);
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)] }));
  const exited = once(gateway, "exit");
  const slow = fetch(`http://127.0.0.1:${gateway.addresses[0]!.port}/`);
  await eventually(() => finish !== undefined);
  process.kill(gateway.pid!, "SIGTERM");
  finish!();
  assert.equal(await (await slow).text(), "slow");
  assert.deepEqual(await exited, [0, null]);
});

async function untilRefused(port: number): Promise<void> {
  const tryIt = async (): Promise<true | undefined> => {
    const socket = connect(port, "127.0.0.1");
    const isRefused = await once(socket, "connect").then(
      () => undefined,
      () => true as const,
    );
    socket.destroy();
    return isRefused;
  };
  await poll(tryIt, { everyMs: 5, deadlineMs: 5_000, onTimeout: () => new Error("It still takes connections") });
}

test("a gateway that drains learns whom it may not send to any more, and says when it is free of them", async (t) => {
  let finish: (() => void) | undefined;
  await using origin = await startOrigin((_, res) => (finish = () => res.end("slow")));
  const gateway = createGatewayProcess(t);
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)] }));
  const slow = fetch(`http://127.0.0.1:${gateway.addresses[0]!.port}/`);
  await eventually(() => finish !== undefined);
  const stopped = gateway.stop();
  await untilRefused(gateway.addresses[0]!.port);
  await gateway.apply(snapshotOf({ upstreams: [upstream("api-1", origin.port, { state: "draining" })] }));
  assert.equal(await gateway.whenDrained("api-1", 50), false);
  const drained = gateway.whenDrained("api-1", 5_000);
  finish!();
  assert.equal(await drained, true);
  assert.equal(await (await slow).text(), "slow");
  await stopped;
});

test("the access log has a line for every request, and keeps queries to itself", async (t) => {
  await using origin = await startOrigin((req, res) => req.resume().on("end", () => res.end("12345")));
  const accessLogPath = join(temporaryDirectory(t), "logs/access.log");
  const gateway = createGatewayProcess(t, { accessLogPath });
  await gateway.start(snapshotOf({ upstreams: [upstream("api-1", origin.port)], settings: { accessLog: true } }));
  const url = `http://127.0.0.1:${gateway.addresses[0]!.port}`;
  await fetch(`${url}/a"b?token=secret`, { headers: { "x-request-id": "mine" } });
  await fetch(`${url}/post`, { method: "POST", body: "abc" });
  await fetch(`${url}/bad/%2e%2e/x%2f..`);
  await gateway.stop();
  const lines = (await readFile(accessLogPath, "utf8")).trimEnd().split("\n");
  const [first, second, third] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.equal(lines.length, 3);
  assert.ok(!lines[0]!.includes("secret"));
  const { time, durationMs, upstreamMs, ...rest } = first!;
  assert.ok(Math.abs(Date.parse(String(time)) - Date.now()) < 60_000);
  assert.ok(Number(durationMs) >= Number(upstreamMs));
  assert.deepEqual(rest, {
    requestId: "mine",
    method: "GET",
    path: "/a%22b",
    host: "127.0.0.1",
    status: 200,
    service: "api",
    upstream: "api-1",
    cache: "pass",
    attempts: 1,
    bytesIn: 0,
    bytesOut: 5,
    client: "127.0.0.1",
  });
  assert.deepEqual([second!["method"], second!["bytesIn"]], ["POST", 3]);
  assert.deepEqual([third!["status"], third!["error"], third!["upstream"]], [400, "GATEWAY_BAD_REQUEST", undefined]);
});
