import type { ResolvedCache } from "../../src/config/index.ts";
import type { Snapshot, UpstreamSnapshot } from "../../src/gateway/index.ts";

export interface Serving {
  readonly port: number;
  /** Of the one upstream: by a unix socket too, if given. */
  readonly upstreamPort: number;
  readonly socketPath?: string;
  readonly settings?: Partial<Snapshot["settings"]>;
  readonly cache?: ResolvedCache;
}

/** What a gateway is given: the defaults of a config that says nothing, but for the access log, which has a row of its own. */
export function snapshotOf({ port, upstreamPort, socketPath, settings = {}, cache }: Serving): Snapshot {
  const upstream: UpstreamSnapshot = {
    id: "api-1",
    origin: `http://127.0.0.1:${upstreamPort}`,
    ...(socketPath === undefined ? {} : { socketPath }),
    weight: 1,
    state: "ready",
    healthy: true,
    readyAt: 0,
  };
  return {
    version: 1,
    settings: {
      port,
      host: "127.0.0.1",
      trustedProxies: [],
      maxHeadBytes: 16_384,
      maxBodyBytes: 100 * 1024 * 1024,
      headTimeoutMs: 10_000,
      keepAliveTimeoutMs: 75_000,
      accessLog: false,
      processes: 1,
      fastPath: true,
      pipelining: true,
      cacheBytes: 0,
      compression: { of: "nothing", types: [], minBytes: 0 },
      ...settings,
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
        cache: cache ?? false,
        upstreams: [upstream],
      },
    },
  };
}
