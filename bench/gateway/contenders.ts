import { caddy } from "./peers/caddy.ts";
import { haproxy } from "./peers/haproxy.ts";
import { nginx } from "./peers/nginx.ts";
import { node, nodes, type RunningNode, startNode } from "./peers/node.ts";
import type { Start } from "./peers/peer.ts";

/** Prometheus asks every 15 s, or more rarely: what this costs is more than users pay. */
const scrapeEveryMs = 1_000;

/** Everybody who is measured, by the name that results and tables have. */
export const contenders = {
  nginx: nginx(),
  // The same once more: what lies between the two is noise.
  "nginx, again": nginx(),
  "nginx, unix sockets": nginx({ bySocket: true }),
  "nginx, access log": nginx({ accessLog: true }),
  haproxy: haproxy(),
  "haproxy, unix sockets": haproxy({ bySocket: true }),
  caddy: caddy(),
  "caddy, unix sockets": caddy({ bySocket: true }),
  "@fastify/reply-from": node("reply-from"),
  "http-proxy-3": node("http-proxy-3"),
  tenfold: node("tenfold"),
  "tenfold, again": node("tenfold"),
  // Node's HTTP server and undici alone, with the same policies.
  "tenfold, full path": node("tenfold", { fastPath: false }),
  "tenfold, unix sockets": node("tenfold", { bySocket: true }),
  // Where each request in flight has a connection to the upstream for itself.
  "tenfold, unix sockets, unshared": node("tenfold", { bySocket: true, pipelining: false }),
  "tenfold, full path, unix sockets": node("tenfold", { bySocket: true, fastPath: false }),
  "tenfold, access log and metrics": scraped(),
  "tenfold, 2 processes": nodes(2, "tenfold"),
} satisfies Readonly<Record<string, Start>>;

export type ContenderName = keyof typeof contenders;

/** Writes the access log, and is asked for its figures as by a platform whose metrics somebody scrapes. */
function scraped(): Start {
  return async (upstream) => {
    const running: RunningNode = await startNode("tenfold", upstream, { accessLog: true });
    let asked: Promise<unknown> = Promise.resolve();
    const timer = setInterval(() => (asked = running.ask("figures")), scrapeEveryMs);
    return {
      ...running,
      async stop() {
        clearInterval(timer);
        await asked;
        await running.stop();
      },
    };
  };
}
