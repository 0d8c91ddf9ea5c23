/**
 * One Node proxy as a process of its own: `node gateway-subject.ts <kind> <port> <upstream port> [upstream socket]`. Each at
 * the settings that its documentation calls best for speed.
 */
import { Agent } from "node:http";
import replyFrom from "@fastify/reply-from";
import { fastify } from "fastify";
import { createProxyServer } from "http-proxy-3";
import { Gateway } from "../../src/gateway/index.ts";

const [kind = "", portText, upstreamPort, socketPath] = process.argv.slice(2);
const port = Number(portText);
const origin = `http://127.0.0.1:${upstreamPort}`;

switch (kind) {
  case "tenfold":
    await startTenfold();
    break;
  case "http-proxy-3":
    createProxyServer({
      target: origin,
      xfwd: true,
      agent: new Agent({ keepAlive: true, maxSockets: Infinity }),
    }).listen(port, "127.0.0.1");
    break;
  case "reply-from": {
    const app = fastify({ logger: false });
    await app.register(replyFrom, {
      base: origin,
      undici: { connections: 128, pipelining: 1, keepAliveTimeout: 60_000 },
    });
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", (_request, payload, done) => done(null, payload));
    app.all("/*", (request, reply) => reply.from(request.raw.url));
    await app.listen({ port, host: "127.0.0.1" });
    break;
  }
  default:
    throw new Error(`no such proxy: ${kind}`);
}

async function startTenfold(): Promise<void> {
  const upstream = { id: "api-1", origin, weight: 1, state: "ready", healthy: true, readyAt: 0 } as const;
  await new Gateway().start({
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
      pipelining: process.env["PIPELINING"] !== "off",
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
        upstreams: [socketPath === undefined ? upstream : { ...upstream, socketPath }],
      },
    },
  });
}
