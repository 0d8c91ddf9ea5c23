import type { DeciderOptions } from "./deciders/decider.ts";
import type { ServerOptions } from "./servers/protocol.ts";
import type { SubjectOptions } from "./subject/protocol.ts";

interface AskedDecider extends Pick<Partial<SubjectOptions>, "isAwaited"> {
  readonly decider: DeciderOptions;
}

const slidingWindow: AskedDecider = { decider: { kind: "tenfold", algorithm: "sliding-window" } };
const leased: AskedDecider = { decider: { kind: "tenfold-redis", algorithm: "sliding-window", mode: "leased" } };

/** Who decides, by the name that results and tables have. */
export const deciders = {
  "tenfold, sliding window": slidingWindow,
  // The same once more: what lies between the two is noise.
  "tenfold, sliding window, again": slidingWindow,
  "tenfold, sliding window, awaited": { ...slidingWindow, isAwaited: true },
  "tenfold, gcra": { decider: { kind: "tenfold", algorithm: "gcra" } },
  "tenfold, sliding window, store alone": { decider: { kind: "tenfold-store", algorithm: "sliding-window" } },
  "tenfold, gcra, store alone": { decider: { kind: "tenfold-store", algorithm: "gcra" } },
  "rate-limiter-flexible, memory": { decider: { kind: "flexible" } },
  "tenfold, leased": leased,
  "tenfold, leased, again": leased,
  "tenfold, leased, gcra": { decider: { kind: "tenfold-redis", algorithm: "gcra", mode: "leased" } },
  "tenfold, exact": { decider: { kind: "tenfold-redis", algorithm: "sliding-window", mode: "exact" } },
  "rate-limiter-flexible, Redis": { decider: { kind: "flexible-redis", blocksInMemory: false } },
  "rate-limiter-flexible, Redis, blocks in memory": { decider: { kind: "flexible-redis", blocksInMemory: true } },
} satisfies Readonly<Record<string, AskedDecider>>;

/** Who answers requests. */
export const servers = {
  gateway: { kind: "gateway", limit: "none" },
  "gateway, again": { kind: "gateway", limit: "none" },
  "gateway, per ip": { kind: "gateway", limit: "ip" },
  "gateway, per header": { kind: "gateway", limit: "header" },
  "gateway, all refused": { kind: "gateway", limit: "refusing" },
  fastify: { kind: "fastify", limit: "none" },
  "fastify, @fastify/rate-limit": { kind: "fastify", limit: "ip" },
  "fastify, all refused": { kind: "fastify", limit: "refusing" },
} satisfies Readonly<Record<string, ServerOptions>>;

export type DeciderName = keyof typeof deciders;
export type ServerName = keyof typeof servers;
export type ContenderName = DeciderName | ServerName;

export const isDecider = (name: ContenderName): name is DeciderName => Object.hasOwn(deciders, name);
export const isServer = (name: ContenderName): name is ServerName => Object.hasOwn(servers, name);
