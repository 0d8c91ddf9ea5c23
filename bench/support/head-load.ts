/**
 * Asks by HEAD for as long as it is told to, each connection anew as soon as it has its answer: `node head-load.ts '{"url":…}'`, and prints the result
 * as JSON. wrk and h2load cannot: both wait for the body that a HEAD's Content-Length speaks of.
 */
import { execFile } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { createHistogram } from "node:perf_hooks";
import { promisify } from "node:util";
import type { Load, LoadResult } from "./wrk.ts";

/** As `runWrk`, by a process of its own. */
export async function runHeadLoad(load: Load): Promise<LoadResult> {
  const command = ["-c", String(load.core), process.execPath, import.meta.filename, JSON.stringify(load)];
  const { stdout } = await promisify(execFile)("taskset", command);
  return JSON.parse(stdout) as LoadResult;
}

async function run({ url, connections, seconds, headers = {} }: Load): Promise<LoadResult> {
  const { hostname, port, pathname } = new URL(url);
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const request = Buffer.from(`HEAD ${pathname} HTTP/1.1\r\n${fields.join("")}\r\n`, "latin1");
  const latency = createHistogram();
  let [requests, errors, isOver] = [0, 0, false];
  const sockets = Array.from({ length: connections }, () => connect(Number(port), hostname).setNoDelay(true));
  await Promise.all(sockets.map((socket) => once(socket, "connect")));
  const started = performance.now();
  for (const socket of sockets) {
    let asked = performance.now();
    let text = "";
    socket.on("error", () => errors++);
    socket.on("data", (part) => {
      text += part.toString("latin1");
      if (!text.endsWith("\r\n\r\n")) return;
      const now = performance.now();
      requests++;
      if (!/^HTTP\/1\.1 [23]/.test(text)) errors++;
      latency.record(Math.max(1, Math.round((now - asked) * 1_000)));
      text = "";
      asked = now;
      if (!isOver) socket.write(request);
    });
    socket.write(request);
  }
  await new Promise((resolve) => setTimeout(resolve, seconds * 1_000));
  isOver = true;
  const perSecond = requests / ((performance.now() - started) / 1_000);
  for (const socket of sockets) socket.destroy();
  const [p50Ms, p99Ms] = [latency.percentile(50) / 1_000, latency.percentile(99) / 1_000];
  return { requests, perSecond, p50Ms, p99Ms, errors };
}

if (import.meta.main) console.log(JSON.stringify(await run(JSON.parse(process.argv[2]!) as Load)));
