/**
 * Every default that is a value, once, written as people write it. What a default is made of (the project's name, the routes that are left) is in
 * fill.ts. The words "Default …" in options.ts are kept equal to this by a test.
 */
export const defaults = {
  orphanGrace: "30s",
  gateway: {
    port: 8080,
    host: "127.0.0.1",
    balance: "least-connections",
    trustedProxies: [] as string[],
    maxHead: "16KiB",
    maxBody: "100MiB",
    headTimeout: "10s",
    keepAliveTimeout: "75s",
    accessLog: true,
    processes: 1,
    fastPath: true,
    pipelining: true,
  },
  database: { replicas: 0, maxConnections: 100, port: 0 },
  control: { port: 8081, host: "127.0.0.1" },
  service: { sticky: false },
  commandService: { drain: "30s", startTimeout: "60s", preload: true },
  static: { base: "/", index: "index.html", immutable: true, compress: true, dotfiles: false },
  scale: { min: 1, max: 16 },
  health: { interval: "5s", timeout: "2s", failures: 3, successes: 2 },
  retries: { attempts: 3, budget: "20%" },
  timeouts: { connect: "5s", response: "60s", idle: "60s", total: "0s" },
  circuit: { maxRequests: 1024, maxPending: 1024 },
} as const;
