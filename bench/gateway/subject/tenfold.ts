import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Gateway, type GatewayFigures } from "../../../src/gateway/index.ts";
import type { SubjectOptions } from "./protocol.ts";

/** The data plane, with the defaults of a config that says nothing, but for the access log, which has a row of its own. */
export async function startTenfold(options: SubjectOptions): Promise<() => GatewayFigures> {
  const {
    port,
    upstreamPort,
    socketPath,
    fastPath = true,
    pipelining = true,
    accessLog = false,
    reusePort = false,
  } = options;
  const folder = accessLog ? mkdtempSync(join(tmpdir(), "tenfold-bench-")) : undefined;
  if (folder !== undefined) {
    process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
    process.on("SIGTERM", () => process.exit());
  }
  const gateway = new Gateway({
    reusePort,
    ...(folder === undefined ? {} : { accessLogPath: join(folder, "access.log") }),
  });
  const origin = `http://127.0.0.1:${upstreamPort}`;
  const upstream = { id: "api-1", origin, weight: 1, state: "ready", healthy: true, readyAt: 0 } as const;
  await gateway.start({
    version: 1,
    settings: {
      port,
      host: "127.0.0.1",
      trustedProxies: [],
      maxHeadBytes: 16_384,
      maxBodyBytes: 100 * 1024 * 1024,
      headTimeoutMs: 10_000,
      keepAliveTimeoutMs: 75_000,
      accessLog,
      processes: 1,
      fastPath,
      pipelining,
      cacheBytes: 0,
      compression: { of: "nothing", types: [], minBytes: 0 },
    },
    listeners: [{ host: "127.0.0.1", port }],
    services: {
      api: {
        routes: [{}],
        balance: { algorithm: "least-connections" },
        split: {},
        retries: { attempts: 3, budget: 0.2 },
        timeouts: { connectMs: 5_000, responseMs: 60_000, idleMs: 60_000, totalMs: 0 },
        circuit: { maxRequests: 1_024, maxPending: 1_024 },
        cache: false,
        upstreams: [socketPath === undefined ? upstream : { ...upstream, socketPath }],
      },
    },
  });
  return () => gateway.figures();
}
