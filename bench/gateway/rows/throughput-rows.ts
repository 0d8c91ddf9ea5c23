import { join } from "node:path";
import { atLeast, atMost } from "../../support/target.ts";
import type { ContenderName } from "../contenders.ts";
import { paths } from "../origin.ts";
import { twentyHeaders } from "../request-headers.ts";
import type { Row } from "../row.ts";
import { throughput } from "../throughput.ts";

/** Each round of 64 connections, as many requests as the proxy takes. */

const script = (name: string): string => join(import.meta.dirname, "../wrk", name);

const overTcp: readonly ContenderName[] = [
  "nginx",
  "tenfold",
  "nginx, again",
  "tenfold, full path",
  "haproxy",
  "caddy",
  "@fastify/reply-from",
  "http-proxy-3",
];

export const smallJson: Row = {
  name: "json",
  title: "small JSON, keep-alive connections, TCP upstream",
  contenders: overTcp,
  targets: [
    atLeast(0.8, { of: "tenfold", to: "nginx" }),
    atLeast(0.7, { of: "tenfold", to: "nginx", note: "the least acceptable" }),
    atLeast(4, { of: "tenfold", to: "@fastify/reply-from" }),
    atLeast(4, { of: "tenfold", to: "caddy" }),
    atLeast(2.5, { of: "tenfold", to: "tenfold, full path", note: "node:http and undici" }),
    atMost(2, { of: "tenfold", to: "nginx", figure: "p99Ms" }),
  ],
  measure: throughput(),
};

export const unixSockets: Row = {
  name: "unix-sockets",
  title: "the same to own instances, by unix sockets",
  contenders: [
    "nginx",
    "tenfold, unix sockets",
    "nginx, unix sockets",
    "tenfold, unix sockets, unshared",
    "tenfold, full path, unix sockets",
    "haproxy, unix sockets",
    "caddy, unix sockets",
  ],
  targets: [
    atLeast(0.9, { of: "tenfold, unix sockets", to: "nginx", note: "which has TCP" }),
    atLeast(1, { of: "tenfold, unix sockets", to: "nginx", note: "which has TCP; the stretch" }),
  ],
  note: "The target compares with nginx over TCP, as it is used; nginx over unix sockets stands beside it.",
  measure: throughput(),
};

/** Rows of which the same is wanted: a share of nginx's requests per second. */
function besideNginx(share: number, { name, title }: Pick<Row, "name" | "title">, measure: Row["measure"]): Row {
  return { name, title, contenders: overTcp, targets: [atLeast(share, { of: "tenfold", to: "nginx" })], measure };
}

export const largerAnswers: readonly Row[] = [
  besideNginx(0.7, { name: "answers-10k", title: "answers of 10 KB" }, throughput({ path: paths.kilobytes10 })),
  besideNginx(0.7, { name: "answers-100k", title: "answers of 100 KB" }, throughput({ path: paths.kilobytes100 })),
];

export const post: Row = besideNginx(
  0.7,
  { name: "post", title: "POST of 1 KB" },
  throughput({ script: [script("post.lua")] }),
);

export const requestHeaders: readonly Row[] = [
  besideNginx(
    0.7,
    { name: "headers", title: "20 request headers, the same on every request" },
    throughput({ headers: twentyHeaders }),
  ),
  besideNginx(
    0.7,
    { name: "headers-varying", title: "20 request headers, each with another value on every request" },
    throughput({ headers: twentyHeaders, script: [script("varying-headers.lua")] }),
  ),
];

export const newConnections: Row = besideNginx(
  0.6,
  { name: "new-connections", title: "a new connection per request" },
  throughput({ headers: { Connection: "close" } }),
);

export const accessLog: Row = {
  name: "access-log",
  title: "access log and metrics on against off",
  contenders: ["tenfold", "tenfold, access log and metrics", "nginx", "nginx, access log", "tenfold, again"],
  targets: [atLeast(0.9, { of: "tenfold, access log and metrics", to: "tenfold" })],
  note: "Requests are always counted. With metrics on, somebody asks for the figures once a second.",
  measure: throughput(),
};

export const processes: Row = {
  name: "processes",
  title: "2 processes sharing the port",
  contenders: ["tenfold", "tenfold, 2 processes", "tenfold, again"],
  targets: [atMost(1.1, { of: "tenfold, 2 processes", to: "tenfold", figure: "cpuMicros" })],
  note: "Both processes have the one core that one process has alone: what sharing costs includes that they take turns.",
  measure: throughput(),
};
