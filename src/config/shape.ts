import { z } from "zod";
import { cache, compression, gatewayCache } from "./cache-shape.ts";
import { splitCommand } from "./command-line.ts";
import {
  bytes,
  choice,
  duration,
  either,
  explained,
  type Fault,
  list,
  listenHost,
  percent,
  port,
  record,
  section,
  text,
  truth,
  whole,
} from "./fields.ts";
import { isToken } from "./token.ts";
import { isNetwork } from "./host-name.ts";
import { events, jwt, limits, overload, priority, routeConcurrency, tiers } from "./limit-shape.ts";
import { isBase } from "./route-pattern.ts";
import { pathPattern, routeOf } from "./route-shape.ts";
import { upstreamFault } from "./upstream-url.ts";

/**
 * The shape of a config: which names there are and what kind of value each takes. What several values must be to each other is in checks/.
 */

const commandForm = 'a command such as "node src/server.ts", or a list of words';
const command = either(commandForm, [
  explained(z.string({ error: commandForm }), (value): Fault | undefined => {
    const split = splitCommand(value);
    if (split.words !== undefined) return undefined;
    return {
      expected: "one program and its arguments",
      found: `${split.found} in ${JSON.stringify(value)}`,
      hint: split.fix,
    };
  }),
  list(commandForm, z.string({ error: "text" })).refine((words) => (words[0] ?? "") !== "", { error: commandForm }),
]);

const route = routeOf({
  cache: cache.optional(),
  priority: priority.optional(),
  concurrency: routeConcurrency.optional(),
  brownout: truth.optional(),
});

const algorithms = [
  "round-robin",
  "weighted-round-robin",
  "least-connections",
  "p2c-ewma",
  "ip-hash",
  "consistent-hash",
] as const;
const named = (kind: string) => section({ [kind]: text(`a ${kind} name`, isToken) });
const balance = either(`one of ${algorithms.join(", ")}, or { algorithm: "consistent-hash", key }`, [
  choice(algorithms),
  section({
    algorithm: z.literal("consistent-hash", { error: '"consistent-hash"' }),
    key: either('"ip", "path", { header: name } or { cookie: name }', [
      choice(["ip", "path"]),
      named("header"),
      named("cookie"),
    ]),
  }),
]);

const healthPath = text('a path beginning with "/", such as "/readyz"', (value) => /^\/[!-~]*$/.test(value));
const health = either('a path such as "/readyz", { path, interval, … }, or false', [
  z.literal(false),
  healthPath,
  section({
    path: healthPath.optional(),
    interval: duration(100).optional(),
    timeout: duration().optional(),
    failures: whole(1, 1_000).optional(),
    successes: whole(1, 1_000).optional(),
  }),
]);

const upstream = explained(z.string({ error: "http://host:port" }), upstreamFault);
const upstreams = list(
  "a list of http://host:port",
  either("http://host:port, or { url, weight }", [
    upstream,
    section({ url: upstream, weight: whole(1, 1_000).optional() }),
  ]),
).min(1, { error: "at least one http://host:port" });

const folder = text("a folder, relative to the config");
const file = (expected: string) =>
  text(expected, (value) => !value.split("/").some((name) => ["", ".", ".."].includes(name)) && !value.includes("\\"));
const files = either('a folder such as "public", or { directory, base, index, fallback, … }', [
  folder,
  section({
    directory: folder,
    base: text('a path such as "/app"', isBase).optional(),
    index: either('the name of a file such as "index.html", or false', [
      z.literal(false),
      file('the name of a file such as "index.html"').refine((name) => !name.includes("/"), {
        error: "a name without /",
      }),
    ]).optional(),
    fallback: file('a file in the directory, such as "index.html"').optional(),
    immutable: either('true, false, or a list of paths such as ["/assets/*"]', [
      truth,
      list('a list of paths such as ["/assets/*"]', pathPattern("/assets/*")),
    ]).optional(),
    compress: truth.optional(),
    dotfiles: truth.optional(),
  }),
]);

const variableNames = {
  expected: "letters, digits and underscores, not beginning with a digit",
  isName: (name: string) => /^[A-Za-z_]\w*$/.test(name),
};

const service = section({
  command: command.optional(),
  urls: upstreams.optional(),
  static: files.optional(),
  routes: list('a list of routes such as ["/api/*"]', route).optional(),
  scale: section({ min: whole(0, 1_000).optional(), max: whole(1, 1_000).optional() }).optional(),
  health: health.optional(),
  balance: balance.optional(),
  sticky: either("true, false, or the name of a cookie", [truth, text("the name of a cookie", isToken)]).optional(),
  split: record('services with their shares, such as { "api-next": "10%" }', percent).optional(),
  retries: either("{ attempts, budget }, or false", [
    z.literal(false),
    section({ attempts: whole(1, 10).optional(), budget: percent.optional() }),
  ]).optional(),
  timeouts: section({
    connect: duration().optional(),
    response: duration().optional(),
    idle: duration().optional(),
    total: duration(0).optional(),
  }).optional(),
  circuit: section({
    maxRequests: whole(1, 1_000_000).optional(),
    maxPending: whole(1, 1_000_000).optional(),
  }).optional(),
  cache: cache.optional(),
  limits: limits.optional(),
  overload: overload.optional(),
  cwd: text("a folder, relative to the config").optional(),
  env: record(
    'variables such as { REGION: "eu" }',
    text("text (quote numbers)", () => true),
    variableNames,
  ).optional(),
  drain: duration(0).optional(),
  startTimeout: duration().optional(),
  preload: truth.optional(),
});

export const shape = section({
  name: text("letters, digits, dots, dashes and underscores, at most 63", (value) =>
    /^[\w][\w.-]{0,62}$/.test(value),
  ).optional(),
  services: record('services by name, such as { api: { command: "node src/server.ts" } }', service),
  setup: command.optional(),
  gateway: section({
    port: port.optional(),
    host: listenHost.optional(),
    balance: balance.optional(),
    trustedProxies: list(
      'a list of addresses and networks such as ["10.0.0.0/8"]',
      text('an address or a network such as "10.0.0.0/8"', isNetwork),
    ).optional(),
    maxHead: bytes(1_024).optional(),
    maxBody: bytes(1).optional(),
    headTimeout: duration().optional(),
    keepAliveTimeout: duration().optional(),
    accessLog: truth.optional(),
    processes: whole(1, 64).optional(),
    fastPath: truth.optional(),
    pipelining: truth.optional(),
    cache: gatewayCache.optional(),
    limits: limits.optional(),
    tiers: tiers.optional(),
    events: events.optional(),
    jwt: jwt.optional(),
    compression: compression.optional(),
  }).optional(),
  database: either("{ replicas, name, maxConnections, port }, or false", [
    z.literal(false),
    section({
      replicas: whole(0, 16).optional(),
      name: text(
        "a database name: letters, digits, dashes and underscores, not beginning with a digit, at most 63",
        (value) => /^[a-z_][a-z0-9_-]{0,62}$/i.test(value) && !/^template[01]$/.test(value),
      ).optional(),
      maxConnections: whole(10, 10_000).optional(),
      port: port.optional(),
    }),
  ]).optional(),
  control: section({
    port: port.optional(),
    host: listenHost.optional(),
    token: text("visible ASCII letters without spaces", (value) => /^[!-~]+$/.test(value)).optional(),
  }).optional(),
  orphanGrace: duration(0).optional(),
});
